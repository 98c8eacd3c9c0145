package io.tiercel.bench.soak;

import io.tiercel.bench.process.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The node: a process that is killed and started again on its directory, as often as wanted. One thread kills and starts;
 * any thread asks where the node is.
 */
final class SoakNode implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("ready pid=\\d+ .*http=(\\S+)");
    /** What a web server that fails is worth: tried twice, given up for half a second. */
    private static final String FLAKY_POLICY = "#timeout=2s&retry.attempts=2&retry.base=5ms&retry.cap=20ms&breaker.open=500ms";

    private static final long STOP_TIMEOUT_S = 30;

    private final Path dir;
    private final Path driverFolder;
    private final List<String> arguments;
    private volatile String httpEndpoint = "";
    private final AtomicInteger number = new AtomicInteger();
    private Process process;

    /** Starts it before the two stores, its media driver in a folder in shared memory. */
    SoakNode(Path work, Path driverFolder, Path files, String flakyUri) {
        this.dir = work.resolve("node");
        this.driverFolder = driverFolder;
        this.arguments = List.of("serve", "--dir", dir.toString(), "--udp", "off", "--http", "127.0.0.1:0", "--profile",
                "compact", "--heap", "2MiB", "--mapped", "32MiB", "--mount", SoakKeys.OWN + "=cache:", "--mount",
                SoakKeys.FILES + '=' + files.toUri(), "--mount", SoakKeys.FLAKY + '=' + flakyUri + FLAKY_POLICY);
        this.process = launch();
    }

    private Process launch() {
        try {
            ProcessBuilder builder = new ProcessBuilder(ChildJvm.command(SoakNodeProcess.class, arguments))
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().put("TIERCEL_AERON_DIR", driverFolder.resolve("driver").toString());
            Process started = builder.start();
            BufferedReader out = started.inputReader();
            String line = out.readLine();
            Matcher ready = READY.matcher(line == null ? "" : line);
            if (!ready.matches()) {
                started.destroyForcibly();
                throw new IllegalStateException("the node did not start, it said: " + line);
            }
            httpEndpoint = ready.group(1);
            number.incrementAndGet();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException("the node cannot be started", e);
        }
    }

    Path dir() {
        return dir;
    }

    String httpEndpoint() {
        return httpEndpoint;
    }

    /** Rises with each start, after the node before has surely ended. */
    int number() {
        return number.get();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL, in the middle of whatever it does, and a start on what that left. */
    void killAndRestart() {
        process.destroyForcibly();
        process.onExit().join();
        process = launch();
    }

    /** Stops it as an operator would, by force where that does nothing. */
    @Override
    public void close() {
        try {
            process.destroy();
            process.waitFor(STOP_TIMEOUT_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
            process.onExit().join();
        }
    }
}
