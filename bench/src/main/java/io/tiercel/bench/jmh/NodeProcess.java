package io.tiercel.bench.jmh;

import io.tiercel.bench.process.ChildLife;
import io.tiercel.bench.process.ScratchFolders;
import io.tiercel.node.NodeSettings;
import io.tiercel.node.Profile;
import io.tiercel.node.TiercelNode;
import java.io.IOException;

/**
 * Main class of the child that is a node: profile compact, one cache-only mount, no UDP and no HTTP, all else by
 * default. Arguments: its folders, the mapped tier's capacity in bytes.
 */
final class NodeProcess {
    private NodeProcess() {}

    public static void main(String[] arguments) throws IOException {
        ScratchFolders folders = ScratchFolders.ofArguments(arguments);
        NodeSettings settings = new NodeSettings.Context().dir(folders.disk()).aeronDir(folders.memory())
                .profile(Profile.COMPACT).mappedCapacity(Long.parseLong(arguments[2])).udpEndpoint(NodeSettings.OFF)
                .httpEndpoint(NodeSettings.OFF).conclude();
        ChildLife.serve(folders, () -> TiercelNode.launch(settings));
    }
}
