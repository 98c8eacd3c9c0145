package io.tiercel.client;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** {@code HOST:PORT} of a node; an IPv6 host stands in brackets. Immutable and threadsafe. */
record UdpEndpoint(String host, int port) {
    /** Null when the text is none. */
    static @Nullable UdpEndpoint tryParse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || text.length() - colon > 6) {
            return null;
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        boolean plain = host.chars().allMatch(c -> c > ' ' && c < 0x7F && "|?,:[]/=".indexOf(c) < 0);
        try {
            int port = Integer.parseInt(text, colon + 1, text.length(), 10);
            return (bracketed || plain) && port >= 1 && port <= 0xFFFF ? new UdpEndpoint(host, port) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /**
     * The address of this host from which the node is reached, as a channel writes it: where replies are to come.
     *
     * @throws IOException when the host is unknown or there is no way to it.
     */
    String localAddress() throws IOException {
        InetSocketAddress remote = new InetSocketAddress(host, port);
        if (remote.isUnresolved()) {
            throw new IOException("unknown host " + host);
        }
        // Connecting a datagram socket sends nothing: it asks the routing table.
        try (DatagramSocket probe = new DatagramSocket()) {
            probe.connect(remote);
            InetAddress local = probe.getLocalAddress();
            return local instanceof Inet6Address ? "[" + local.getHostAddress() + "]" : local.getHostAddress();
        }
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
