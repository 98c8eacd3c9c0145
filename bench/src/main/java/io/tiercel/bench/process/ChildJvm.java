package io.tiercel.bench.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A JVM that runs the other side of a benchmark, so that the two share no heap, no collector and no compiler. It takes
 * this JVM's module flags and those that a node is served with. Threadsafe.
 *
 * <p>It ends with {@link #close()}, and also when this JVM ends without that, however it does: the child waits for the
 * end of its standard input, which the kernel closes. Its folders go with it.
 */
public final class ChildJvm implements AutoCloseable {
    /** As {@code cache-server/bin/tiercel} runs {@code serve}: a change there is a change here. */
    private static final List<String> NODE_FLAGS = List.of("-XX:+UseCompactObjectHeaders", "-XX:+UseZGC");

    /** Flags of this JVM that the child needs as well; not its heap, agents or compiler logs. */
    private static final List<String> INHERITED = List.of("-XX:+IgnoreUnrecognizedVMOptions", "--add-exports=",
            "--add-opens=", "--enable-native-access=", "--sun-misc-unsafe-memory-access=", "-Dchronicle.");

    private static final long READY_TIMEOUT_S = 60;
    private static final long END_TIMEOUT_S = 15;

    private final Process process;
    private final ScratchFolders folders;

    private ChildJvm(Process process, ScratchFolders folders) {
        this.process = process;
        this.folders = folders;
    }

    /**
     * Runs a main class, its folders before its other arguments, and returns when it says ready.
     *
     * @throws IllegalStateException when it ends or stays silent instead; nothing of it is left then.
     */
    public static ChildJvm start(Class<?> main, String... arguments) {
        return ready(launch(main, arguments), main);
    }

    private static ChildJvm ready(ChildJvm child, Class<?> main) {
        boolean isReady = false;
        try {
            child.awaitReady(main);
            isReady = true;
            return child;
        } finally {
            if (!isReady) {
                child.close();
            }
        }
    }

    /** Ends the child as {@code kill -9} does, and waits for that. Its folders stay, for {@link #startAgain}. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Runs a main class on the folders of this child, which was killed; they go with the new one. */
    public ChildJvm startAgain(Class<?> main, String... arguments) {
        return ready(launch(folders, main, arguments), main);
    }

    private static ChildJvm launch(Class<?> main, String... arguments) {
        return launch(ScratchFolders.create(), main, arguments);
    }

    private static ChildJvm launch(ScratchFolders folders, Class<?> main, String... arguments) {
        List<String> all = new ArrayList<>(List.of(folders.disk().toString(), folders.memory().toString()));
        all.addAll(List.of(arguments));
        try {
            return new ChildJvm(new ProcessBuilder(command(main, all))
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start(), folders);
        } catch (IOException e) {
            folders.delete();
            throw new UncheckedIOException(main.getName() + " does not start", e);
        }
    }

    /** What runs a main class of this class path as a node is served, for who looks after the process himself. */
    public static List<String> command(Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> INHERITED.stream().anyMatch(flag::startsWith)).forEach(command::add);
        command.addAll(NODE_FLAGS);
        command.addAll(Placement.jvmFlags());
        if (ChildJvm.class.desiredAssertionStatus()) {
            command.add("-ea");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path", ""), main.getName()));
        command.addAll(arguments);
        return Placement.command(command);
    }

    private void awaitReady(Class<?> main) {
        CompletableFuture<Boolean> ready = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("child-output-" + process.pid()).start(() -> relay(ready));
        try {
            if (!ready.get(READY_TIMEOUT_S, TimeUnit.SECONDS)) {
                throw new IllegalStateException(main.getName() + " ended before it was ready: see its error output");
            }
        } catch (TimeoutException e) {
            throw new IllegalStateException(main.getName() + " is not ready after " + READY_TIMEOUT_S + " s", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("output of " + main.getName() + " cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + main.getName() + " starts", e);
        }
    }

    /** Reads to the end, so that the child never blocks on a full pipe; what else it says goes to our error output. */
    private void relay(CompletableFuture<Boolean> ready) {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.equals(ChildLife.READY)) {
                    ready.complete(true);
                } else {
                    System.err.println(line);
                }
            }
            ready.complete(false);
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    public ScratchFolders folders() {
        return folders;
    }

    public long pid() {
        return process.pid();
    }

    /** Ends the child, by force if it does not end by itself, waits for that and deletes its folders. Idempotent. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            process.waitFor(END_TIMEOUT_S, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException("input of the child cannot be closed: pid=" + pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
            process.onExit().join();
            folders.delete();
        }
    }
}
