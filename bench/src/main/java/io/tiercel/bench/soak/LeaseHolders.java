package io.tiercel.bench.soak;

import io.tiercel.bench.process.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A lease holder's process, killed with its leases and replaced as often as wanted. Not threadsafe. */
final class LeaseHolders implements AutoCloseable {
    private final Path nodeDir;
    private final SoakTally tally;
    private long seed;
    private @Nullable Process process;
    private volatile boolean isHolding;

    LeaseHolders(Path nodeDir, SoakTally tally, long seed) {
        this.nodeDir = nodeDir;
        this.tally = tally;
        this.seed = seed;
    }

    void start() {
        isHolding = false;
        seed++;
        try {
            Process started = new ProcessBuilder(
                    ChildJvm.command(LeaseHolder.class, List.of(nodeDir.toString(), Long.toString(seed))))
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            process = started;
            Thread.ofPlatform().daemon().name("lease-holder-output").start(() -> relay(started));
        } catch (IOException e) {
            throw new UncheckedIOException("a lease holder cannot be started", e);
        }
    }

    private void relay(Process of) {
        try (BufferedReader output = of.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.equals(LeaseHolder.HOLDING)) {
                    isHolding = true;
                } else {
                    tally.violate(line);
                }
            }
        } catch (IOException e) {
            // It was killed in the middle of a line.
            isHolding = false;
        }
    }

    /** Whether it holds leases, so that its death means something. */
    boolean isHolding() {
        return isHolding;
    }

    /** SIGKILL, and another one. */
    void killAndRestart() {
        close();
        start();
    }

    @Override
    public void close() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            running.onExit().join();
        }
    }
}
