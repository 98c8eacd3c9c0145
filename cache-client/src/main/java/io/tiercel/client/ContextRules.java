package io.tiercel.client;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/** What settings of a client must keep to. Stateless. */
final class ContextRules {
    private static final int MAX_NAME_LENGTH = 64;
    private static final long LEAST_LIVENESS_NS = 100_000_000L;
    private static final int MAX_TABLE_SIZE = 1 << 24;
    private static final int MAX_IN_FLIGHT = 1 << 16;

    private ContextRules() {}

    /** @throws TiercelException with BAD_CONFIGURATION, naming the first setting that does not, and its value. */
    static void check(TiercelClient.Context context) {
        checkTarget(context);
        require(!context.mustMap() || (context.nodeDir() != null && !context.streamed()), "mustMap", true,
                "only with nodeDir, not streamed");
        require(context.clientName().length() <= MAX_NAME_LENGTH, "clientName", context.clientName(),
                "at most 64 characters");
        require(context.connectTimeoutNs() > 0, "connectTimeoutNs", context.connectTimeoutNs(), "more than 0");
        require(context.requestTimeoutNs() > 0, "requestTimeoutNs", context.requestTimeoutNs(), "more than 0");
        require(context.livenessTimeoutNs() >= LEAST_LIVENESS_NS, "livenessTimeoutNs", context.livenessTimeoutNs(),
                "at least 100000000");
        require(context.nearCacheEntries() == 0 || isTableSize(context.nearCacheEntries()), "nearCacheEntries",
                context.nearCacheEntries(), "0 or a power of two from 4 to 16777216");
        require(context.maxInFlight() >= 1 && context.maxInFlight() <= MAX_IN_FLIGHT, "maxInFlight",
                context.maxInFlight(), "1 to 65536");
        require(context.maxMappings() >= 1, "maxMappings", context.maxMappings(), "at least 1");
        require(context.maxStreamedFrame() >= 0 && context.maxStreamedFrame() <= 1 << 30, "maxStreamedFrame",
                context.maxStreamedFrame(), "0 to 1073741824");
        require(context.driverParentDir() == null || Files.isDirectory(context.driverParentDir()), "driverParentDir",
                context.driverParentDir(), "a folder");
    }

    private static void checkTarget(TiercelClient.Context context) {
        String udp = context.udp();
        if ((context.nodeDir() == null) == (udp == null)) {
            throw new TiercelException(ErrorCode.BAD_CONFIGURATION,
                    "nodeDir=" + context.nodeDir() + " udp=" + udp + ": expected one of the two");
        }
        if (udp != null) {
            require(!context.streamed(), "streamed", true, "only with nodeDir: UDP always streams");
            require(UdpEndpoint.tryParse(udp) != null, "udp", udp, "HOST:PORT");
        }
    }

    private static boolean isTableSize(int entries) {
        return entries >= DescriptorCache.WAYS && entries <= MAX_TABLE_SIZE && Integer.bitCount(entries) == 1;
    }

    private static void require(boolean holds, String name, @Nullable Object value, String expected) {
        if (!holds) {
            throw new TiercelException(ErrorCode.BAD_CONFIGURATION, name + "=" + value + ": expected " + expected);
        }
    }
}
