package io.tiercel.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Which cores client and servers run on, where that is not left to the kernel: on a machine that others use too it may put
 * both on one core, where who spins for an answer keeps the other from giving it. Set once, before anything starts.
 */
public final class Placement {
    private static final String CLIENT_CORE = "0";
    private static final String SERVER_CORE = "1";
    private static final long TIMEOUT_S = 10;

    /** As it is before a process sees only its own. */
    private static final int CORE_COUNT = Runtime.getRuntime().availableProcessors();

    private static volatile boolean isPinned;

    private Placement() {}

    /**
     * From here on this process has the first core to itself, and what it starts the second.
     *
     * @throws IllegalStateException where there are fewer than two, or no {@code taskset}.
     */
    public static void pin() {
        if (CORE_COUNT < 2) {
            throw new IllegalStateException("cores=" + CORE_COUNT + " expected at least 2");
        }
        try {
            Process taskset = new ProcessBuilder("taskset", "-apc", CLIENT_CORE,
                    Long.toString(ProcessHandle.current().pid())).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            if (!taskset.waitFor(TIMEOUT_S, TimeUnit.SECONDS) || taskset.exitValue() != 0) {
                throw new IllegalStateException("taskset refuses to choose cores for this process");
            }
            isPinned = true;
        } catch (IOException e) {
            throw new UncheckedIOException("cores cannot be chosen without taskset", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while cores are chosen", e);
        }
    }

    /** Cores of the machine, as this process saw them when it began. */
    public static int coreCount() {
        return CORE_COUNT;
    }

    /** Whether {@link #pin()} was called. */
    public static boolean isPinned() {
        return isPinned;
    }

    /** Flags of a JVM that is to make itself as large as it would without being kept to a core. */
    static List<String> jvmFlags() {
        return isPinned ? List.of("-XX:ActiveProcessorCount=" + CORE_COUNT) : List.of();
    }

    /** A server's command as it is to be run. */
    static List<String> command(List<String> command) {
        if (!isPinned) {
            return command;
        }
        List<String> placed = new ArrayList<>(List.of("taskset", "-c", SERVER_CORE));
        placed.addAll(command);
        return placed;
    }
}
