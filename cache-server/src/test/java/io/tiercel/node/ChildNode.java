package io.tiercel.node;

import io.tiercel.client.TiercelClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A node in a process of its own, to be killed. */
final class ChildNode implements AutoCloseable {
    private static final String READY = "ready";

    private final Process process;
    private final Path dir;

    private ChildNode(Process process, Path dir) {
        this.process = process;
        this.dir = dir;
    }

    /** The child's main: serves until its standard input ends. */
    public static void main(String[] args) throws IOException {
        NodeSettings.Context context = new NodeSettings.Context().dir(Path.of(args[0]))
                .mappedCapacity(Long.parseLong(args[1])).profile(Profile.COMPACT).udpEndpoint(NodeSettings.OFF)
                .httpEndpoint(NodeSettings.OFF).mount("", URI.create("cache:/"));
        try (TiercelNode node = TiercelNode.launch(context.conclude())) {
            System.out.println(READY + ' ' + node.dir());
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }

    static ChildNode start(Path dir, long mappedCapacity) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!flag.startsWith("-javaagent") && !flag.startsWith("-agentlib")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path"), ChildNode.class.getName(),
                dir.toString(), Long.toString(mappedCapacity)));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        BufferedReader output = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        while (line != null && !line.startsWith(READY)) {
            line = output.readLine();
        }
        if (line == null) {
            process.destroyForcibly();
            throw new IOException("node does not start: dir=" + dir);
        }
        return new ChildNode(process, dir);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    TiercelClient connect(boolean isStreamed) {
        return TiercelClient.connect(new TiercelClient.Context().nodeDir(dir).streamed(isStreamed)
                .requestTimeoutNs(TimeUnit.SECONDS.toNanos(10)));
    }

    /** kill -9, and waits for its end. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Ends it cleanly if it still lives, so that nothing of it stays in shared memory. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
