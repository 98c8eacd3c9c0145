package io.tiercel.bench.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.tiercel.bench.process.ChildLife;
import io.tiercel.bench.process.ScratchFolders;
import io.tiercel.node.NodeSettings;
import io.tiercel.node.Profile;
import io.tiercel.node.TiercelNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Main class of the child that is a node: profile compact, one cache-only mount, all else by default. Arguments: its
 * folders, the mapped tier's capacity in bytes, and {@code net} where it is to serve UDP and HTTP on free ports of the
 * loopback interface.
 */
public final class NodeProcess {
    /** An argument. */
    static final String WITH_NETWORK = "net";

    private static final String ANY_PORT = "127.0.0.1:0";
    private static final String ENDPOINTS = "endpoints";

    private NodeProcess() {}

    public static void main(String[] arguments) throws IOException {
        // Clients come and go by the dozen: of that it need not tell.
        ((Logger) LoggerFactory.getLogger("io.tiercel")).setLevel(Level.WARN);
        ScratchFolders folders = ScratchFolders.ofArguments(arguments);
        boolean hasNetwork = List.of(arguments).contains(WITH_NETWORK);
        String endpoint = hasNetwork ? ANY_PORT : NodeSettings.OFF;
        NodeSettings settings = new NodeSettings.Context().dir(folders.disk()).aeronDir(folders.memory())
                .profile(Profile.COMPACT).mappedCapacity(Long.parseLong(arguments[2])).udpEndpoint(endpoint)
                .httpEndpoint(endpoint).conclude();
        ChildLife.serve(folders, () -> {
            TiercelNode node = TiercelNode.launch(settings);
            tellEndpoints(folders, node);
            return node;
        });
    }

    private static void tellEndpoints(ScratchFolders folders, TiercelNode node) {
        try {
            Files.write(endpointsFile(folders), List.of(node.udpEndpoint(), node.httpEndpoint()));
        } catch (IOException e) {
            node.close();
            throw new UncheckedIOException(e);
        }
    }

    /** Where a ready node has written its UDP and its HTTP endpoint, a line each. */
    static Path endpointsFile(ScratchFolders folders) {
        return folders.memory().resolve(ENDPOINTS);
    }
}
