package io.tiercel.cli;

import io.tiercel.TiercelException;
import io.tiercel.node.TiercelNode;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;

/**
 * Closes the node when the process is told to stop. The JVM would end with 143 after SIGTERM, so the hook ends it
 * itself, once the node is closed: with 0, or with the code of what failed. Threadsafe.
 */
final class DrainHook {
    private final TiercelNode node;
    private final PrintStream err;
    private volatile int exitCode = ExitCode.DONE;

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
        try {
            node.close();
        } catch (RuntimeException | Error e) {
            err.println("tiercel: stopping failed: " + e);
            exitCode = ExitCode.FAILURE;
        }
        err.flush();
        Runtime.getRuntime().halt(exitCode);
    }

    /**
     * Waits for the end of the process, which the hook brings.
     *
     * @throws TiercelException when the node can serve no more: the process is to end, and will with the code of that.
     */
    int awaitEnd() throws InterruptedException {
        TiercelException failure = node.awaitFailure();
        if (failure != null) {
            exitCode = ExitCode.of(failure.code());
            throw failure;
        }
        new CountDownLatch(1).await();
        return ExitCode.FAILURE;
    }
}
