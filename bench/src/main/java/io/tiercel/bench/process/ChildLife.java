package io.tiercel.bench.process;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;

/**
 * A child's own side of {@link ChildJvm}: serves until its parent lets go or is gone, then leaves nothing behind. Only
 * where it is killed does the parent clean up. Stateless.
 */
public final class ChildLife {
    /** The one line that the parent waits for. */
    static final String READY = "ready";

    private static final System.Logger LOG = System.getLogger(ChildLife.class.getName());

    /** Less than the parent waits before it uses force. */
    private static final long END_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);

    private ChildLife() {}

    /**
     * Opens a service, says ready, and serves until the end of standard input, or a signal. Ends the JVM: with exit
     * code 1 when the service does not open.
     *
     * @param folders deleted at the end, after the service is closed.
     */
    public static void serve(ScratchFolders folders, Supplier<? extends AutoCloseable> opening) throws IOException {
        AtomicReference<@Nullable AutoCloseable> service = new AtomicReference<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(service.get(), folders), "child-end"));
        try {
            service.set(opening.get());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "service does not open", e);
            System.exit(1);
        }
        System.out.println(READY);
        awaitEndOfInput();
        System.exit(0);
    }

    private static void awaitEndOfInput() throws IOException {
        int read = System.in.read();
        while (read >= 0) {
            read = System.in.read();
        }
    }

    private static void end(@Nullable AutoCloseable service, ScratchFolders folders) {
        Thread.ofPlatform().daemon().name("child-end-limit").start(() -> halt(folders));
        CloseHelper.close(e -> LOG.log(Level.ERROR, "service does not close", e), service);
        folders.delete();
    }

    /** Without this a service that hangs while it closes would outlive a parent that is gone. */
    private static void halt(ScratchFolders folders) {
        long deadlineNs = System.nanoTime() + END_TIMEOUT_NS;
        while (System.nanoTime() - deadlineNs < 0) {
            LockSupport.parkNanos(END_TIMEOUT_NS);
        }
        folders.delete();
        Runtime.getRuntime().halt(1);
    }
}
