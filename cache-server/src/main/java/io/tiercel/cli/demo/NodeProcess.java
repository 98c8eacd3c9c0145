package io.tiercel.cli.demo;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.cli.TiercelCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node in a process of its own, and what its ready line says of it. Not threadsafe. */
final class NodeProcess {
    private static final Pattern READY = Pattern.compile("ready pid=(\\d+) dir=.* aeron=.* udp=(\\S+) http=(\\S+)");
    private static final int STOP_TIMEOUT_S = 60;

    private final Process process;
    private final Path dir;
    private final String udp;
    private final String http;

    private NodeProcess(Process process, Path dir, String udp, String http) {
        this.process = process;
        this.dir = dir;
        this.udp = udp;
        this.http = http;
    }

    /**
     * Starts a node and waits until it serves.
     *
     * @throws TiercelException with NODE_UNAVAILABLE, and the node's own words, when it does not.
     */
    static NodeProcess start(Children children, Workspace workspace, String log, List<String> options)
            throws IOException {
        Path dir = workspace.file("node");
        Path err = workspace.file(log);
        List<String> args = new ArrayList<>(
                List.of("serve", "--dir", dir.toString(), "--udp", "127.0.0.1:0", "--http", "127.0.0.1:0"));
        args.addAll(options);
        Process process = children.start(TiercelCommand.class, err, args,
                Map.of("TIERCEL_AERON_DIR", workspace.driverFolder().toString()));
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        Matcher ready = READY.matcher(line == null ? "" : line);
        if (!ready.matches()) {
            process.destroyForcibly();
            throw new TiercelException(ErrorCode.NODE_UNAVAILABLE,
                    "the demo's node did not start: " + Files.readString(err).strip());
        }
        return new NodeProcess(process, dir, ready.group(2), ready.group(3));
    }

    long pid() {
        return process.pid();
    }

    Path dir() {
        return dir;
    }

    String udp() {
        return udp;
    }

    String http() {
        return http;
    }

    /** SIGKILL: the node does nothing more, not even an unlock. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM; the exit code. */
    int stop() throws InterruptedException {
        process.destroy();
        return process.waitFor(STOP_TIMEOUT_S, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }
}
