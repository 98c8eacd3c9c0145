package io.tiercel.bench.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A program of this machine that serves a benchmark, with folders of its own. Threadsafe.
 *
 * <p>It ends with {@link #close()}, and also when this JVM ends without that, however it does: a shell stands between,
 * which kills it and deletes its folders at the end of its standard input, and the kernel closes that.
 */
public final class NativeServer implements AutoCloseable {
    private static final List<Path> PLACES = List.of(Path.of("/usr/bin"), Path.of("/usr/sbin"), Path.of(
            "/usr/local/bin"),
            Path.of("/usr/local/sbin"), Path.of("/opt/homebrew/bin"));

    /** The background of a shell has no standard input: that is the shell's alone. */
    private static final String SUPERVISOR = "disk=$1 memory=$2; shift 2; \"$@\" </dev/null >\"$disk/server.out\" & pid=$!; echo $pid;"
            + " trap '' TERM INT HUP; while read -r line; do :; done; kill -9 $pid 2>/dev/null; wait;"
            + " rm -rf -- \"$disk\" \"$memory\"";

    private static final long READY_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long READY_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long END_TIMEOUT_S = 10;

    private final Process supervisor;
    private final ScratchFolders folders;
    private final long pid;
    private final Thread atEnd = new Thread(this::end, "native-server-end");

    private NativeServer(Process supervisor, ScratchFolders folders, long pid) {
        this.supervisor = supervisor;
        this.folders = folders;
        this.pid = pid;
    }

    /** Where a program is, or null when it is not installed. */
    public static @Nullable Path find(String program) {
        String path = System.getenv("PATH");
        Stream<Path> own = path == null
                ? Stream.empty()
                : Stream.of(path.split(File.pathSeparator, -1)).filter(folder -> !folder.isEmpty()).map(Path::of);
        return Stream.concat(own, PLACES.stream()).map(folder -> folder.resolve(program)).filter(Files::isExecutable)
                .findFirst().orElse(null);
    }

    /** Folders for a server that is about to start. */
    public static ScratchFolders folders() {
        return ScratchFolders.create();
    }

    /**
     * Starts a program and returns when it is ready. The folders are its own from here on.
     *
     * @param isReady asked again and again; says whether it answers.
     * @throws IllegalStateException when it ends or does not become ready; nothing of it is left then.
     */
    public static NativeServer start(ScratchFolders folders, BooleanSupplier isReady, List<String> command) {
        NativeServer server = launch(folders, command);
        Runtime.getRuntime().addShutdownHook(server.atEnd);
        try {
            server.awaitReady(isReady, command);
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static NativeServer launch(ScratchFolders folders, List<String> command) {
        List<String> supervised = new ArrayList<>(List.of("/bin/sh", "-c", SUPERVISOR, "sh",
                folders.disk().toString(), folders.memory().toString()));
        supervised.addAll(Placement.command(command));
        try {
            Process process = new ProcessBuilder(supervised).redirectError(log(folders).toFile()).start();
            return new NativeServer(process, folders, Long.parseLong(process.inputReader().readLine()));
        } catch (IOException | NumberFormatException e) {
            folders.delete();
            throw new IllegalStateException("does not start: " + String.join(" ", command), e);
        }
    }

    private static Path log(ScratchFolders folders) {
        return folders.disk().resolve("server.log");
    }

    private void awaitReady(BooleanSupplier isReady, List<String> command) {
        long deadlineNs = System.nanoTime() + READY_TIMEOUT_NS;
        while (!isReady.getAsBoolean()) {
            boolean isAlive = ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
            if (!isAlive || System.nanoTime() - deadlineNs >= 0) {
                throw new IllegalStateException((isAlive ? "is not ready: " : "ended: ") + String.join(" ", command)
                        + ": " + said());
            }
            LockSupport.parkNanos(READY_INTERVAL_NS);
        }
    }

    private String said() {
        try {
            return Files.readString(log(folders)).strip();
        } catch (IOException e) {
            return "(no log)";
        }
    }

    public ScratchFolders scratch() {
        return folders;
    }

    public long pid() {
        return pid;
    }

    /** Ends the program by force, waits for that and deletes its folders. Idempotent. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atEnd);
        } catch (IllegalStateException e) {
            return; // The JVM ends, and the hook with it.
        }
        end();
    }

    private void end() {
        // Its own children first, as nginx has them: theirs is not the shell's to end.
        List<ProcessHandle> all = new ArrayList<>(supervisor.toHandle().descendants().toList());
        all.forEach(ProcessHandle::destroyForcibly);
        try {
            supervisor.getOutputStream().close();
            supervisor.waitFor(END_TIMEOUT_S, TimeUnit.SECONDS);
        } catch (IOException e) {
            // The pipe is closed one way or the other, and force comes next.
            supervisor.destroy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            supervisor.destroyForcibly();
            folders.delete();
        }
    }
}
