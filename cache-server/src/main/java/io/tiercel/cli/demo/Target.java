package io.tiercel.cli.demo;

import io.tiercel.client.TiercelClient;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How a client process finds the node, and where the originals lie. Immutable.
 *
 * @param files the folder behind the mount {@code files}.
 * @param workspace the demo's own folder.
 * @param driverFolder takes the folders of media drivers.
 */
record Target(Path nodeDir, String udp, String http, long nodePid, Path files, Path workspace, Path driverFolder) {
    /** Folder of the workspace behind the mount {@code work}. */
    static final String WORK = "work";

    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);

    static Target parse(List<String> args) {
        return new Target(Path.of(args.get(0)), args.get(1), args.get(2), Long.parseLong(args.get(3)),
                Path.of(args.get(4)), Path.of(args.get(5)), Path.of(args.get(6)));
    }

    List<String> args() {
        return List.of(nodeDir.toString(), udp, http, Long.toString(nodePid), files.toString(), workspace.toString(),
                driverFolder.toString());
    }

    /** The folder behind the mount {@code work}, which stages may write to. */
    Path work() {
        return workspace.resolve(WORK);
    }

    /** The file that names the puts that were acknowledged before the kill. */
    Path acknowledged() {
        return workspace.resolve("acknowledged");
    }

    TiercelClient mapped() {
        return TiercelClient.connect(context("demo-mapped").nodeDir(nodeDir));
    }

    TiercelClient ipc() {
        return TiercelClient.connect(context("demo-ipc").nodeDir(nodeDir).streamed(true));
    }

    TiercelClient udpStreamed() {
        return TiercelClient.connect(context("demo-udp").udp(udp).driverParentDir(driverFolder));
    }

    HttpReader overHttp() {
        return new HttpReader(http);
    }

    private static TiercelClient.Context context(String name) {
        return new TiercelClient.Context().clientName(name).requestTimeoutNs(TIMEOUT_NS);
    }
}
