package io.tiercel.cli;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.client.TiercelClient;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that name a node: an option first, then the environment, then the default directory. */
final class NodeAddress {
    private static final String DEFAULT_DIR = "./tiercel-data";

    @Option(names = "--dir", paramLabel = "DIR", description = "Directory of a node on this host (else TIERCEL_DIR, TIERCEL_UDP, ./tiercel-data).")
    private @Nullable String dir;

    @Option(names = "--udp", paramLabel = "HOST:PORT", description = "Where a node answers over UDP.")
    private @Nullable String udp;

    @Option(names = "--streamed", description = "Have frames copied to this process, never mapped; over UDP they always are.")
    private boolean streamed;

    @Option(names = "--timeout", paramLabel = "D", defaultValue = "60s", converter = DurationConverter.class, description = "How long one call may take, a load from the store included (default: 60s).")
    private long timeoutMs;

    long timeoutMs() {
        return timeoutMs;
    }

    /**
     * Connects to the node.
     *
     * @throws TiercelException with NODE_UNAVAILABLE when there is none.
     */
    TiercelClient connect(Console console) {
        if (dir != null && udp != null) {
            throw new UsageException("--dir and --udp name one node each: give one of them");
        }
        TiercelClient.Context context = new TiercelClient.Context().clientName("tiercel")
                .requestTimeoutNs(timeoutMs * 1_000_000);
        String variableDir = console.environment().get("TIERCEL_DIR");
        String variableUdp = console.environment().get("TIERCEL_UDP");
        if (udp != null) {
            context.udp(udp);
        } else if (dir != null) {
            context.nodeDir(existing(dir)).streamed(streamed);
        } else if (variableDir != null) {
            context.nodeDir(existing(variableDir)).streamed(streamed);
        } else if (variableUdp != null) {
            context.udp(variableUdp);
        } else {
            context.nodeDir(existing(DEFAULT_DIR)).streamed(streamed);
        }
        return TiercelClient.connect(context);
    }

    private static Path existing(String text) {
        Path path;
        try {
            path = Path.of(text);
        } catch (InvalidPathException e) {
            throw new UsageException("no path: " + text);
        }
        if (!Files.isDirectory(path)) {
            throw new TiercelException(ErrorCode.NODE_UNAVAILABLE, "no node at " + text
                    + ": start one with 'tiercel serve', or name one with --dir DIR or --udp HOST:PORT");
        }
        return path;
    }
}
