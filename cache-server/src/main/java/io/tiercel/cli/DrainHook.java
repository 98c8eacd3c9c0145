package io.tiercel.cli;

import io.tiercel.node.TiercelNode;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;

/**
 * Closes the node when the process is told to stop. The JVM would end with 143 after SIGTERM, so the hook ends it
 * itself, with 0, once the node is closed. Threadsafe.
 */
final class DrainHook {
    private final TiercelNode node;
    private final PrintStream err;

    private DrainHook(TiercelNode node, PrintStream err) {
        this.node = node;
        this.err = err;
    }

    static DrainHook register(TiercelNode node, PrintStream err) {
        DrainHook hook = new DrainHook(node, err);
        Runtime.getRuntime().addShutdownHook(new Thread(hook::drain, "drain"));
        return hook;
    }

    private void drain() {
        int exitCode = ExitCode.DONE;
        try {
            node.close();
        } catch (RuntimeException | Error e) {
            err.println("tiercel: stopping failed: " + e);
            exitCode = ExitCode.FAILURE;
        }
        err.flush();
        Runtime.getRuntime().halt(exitCode);
    }

    /** Waits for the end of the process, which the hook brings. */
    int awaitEnd() throws InterruptedException {
        new CountDownLatch(1).await();
        return ExitCode.FAILURE;
    }
}
