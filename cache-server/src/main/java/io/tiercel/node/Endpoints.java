package io.tiercel.node;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.net.InetSocketAddress;

/** {@code HOST:PORT} as an address. Stateless. */
final class Endpoints {
    private Endpoints() {}

    /**
     * Resolves an endpoint.
     *
     * @throws TiercelException BAD_CONFIGURATION when its host is not known.
     */
    static InetSocketAddress resolve(String setting, String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        String host = endpoint.substring(0, Math.max(colon, 0));
        InetSocketAddress address = new InetSocketAddress(host.replace("[", "").replace("]", ""),
                Integer.parseInt(endpoint.substring(colon + 1)));
        if (address.isUnresolved()) {
            throw new TiercelException(ErrorCode.BAD_CONFIGURATION, "host is not known: " + setting + "=" + endpoint);
        }
        return address;
    }
}
