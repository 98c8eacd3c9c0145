package io.tiercel.node;

import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Whether the store of a new mount opens and answers, asked on a thread of its own, so that stores that stall are waited
 * for side by side and each no longer than its mount's timeout. One thread begins, awaits and cancels. A store that is deaf
 * to interrupts keeps its thread, for which nobody waits and no process stays up; it is no virtual one, since a file of a
 * dead disk or the name of a host, when it is looked up, would keep a carrier from all others.
 */
final class FirstPing {
    private final MountSettings mount;
    private final StorageAdapter store;
    private final FutureTask<?> answer;
    private final long deadlineNs;

    private FirstPing(MountSettings mount, StorageAdapter store) {
        this.mount = mount;
        this.store = store;
        this.answer = new FutureTask<>(store::ping, null);
        this.deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs());
    }

    /** Asks; the mount's timeout counts from now. */
    static FirstPing begin(MountSettings mount, StorageAdapter store) {
        FirstPing ping = new FirstPing(mount, store);
        Thread.ofPlatform().daemon().name("ping " + mount.prefix()).start(ping.answer);
        return ping;
    }

    MountSettings mount() {
        return mount;
    }

    private long timeoutMs() {
        return mount.policy().protection().timeoutMs();
    }

    /**
     * Returns when the store has answered.
     *
     * @throws StorageException what opening or ping came to; UNAVAILABLE when there was no answer in time, or when the calling
     *     thread was interrupted, whose flag stays set.
     */
    void await() {
        try {
            answer.get(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            cancel();
            throw unavailable("it did not answer in " + timeoutMs() + " ms (mounts.….timeout)");
        } catch (InterruptedException e) {
            cancel();
            Thread.currentThread().interrupt();
            throw unavailable("interrupted");
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    private StorageException unavailable(String why) {
        return StorageException.of(StorageException.Kind.UNAVAILABLE).store(store.name()).because(why).build();
    }

    private static RuntimeException failure(@Nullable Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException failure ? failure : new IllegalStateException(thrown);
    }

    /** Interrupts what still asks. */
    void cancel() {
        answer.cancel(true);
    }
}
