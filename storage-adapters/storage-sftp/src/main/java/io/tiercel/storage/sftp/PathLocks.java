package io.tiercel.storage.sftp;

import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** Locks by a server's paths, few for all of them: held while a file gets its name, not while its bytes are sent. Threadsafe. */
final class PathLocks {
    private static final int COUNT = 64;

    private final ReentrantLock[] locks = Stream.generate(ReentrantLock::new).limit(COUNT).toArray(
            ReentrantLock[]::new);

    /**
     * Takes the locks of some paths, in an order that all keep.
     *
     * @throws InterruptedIOException when the thread is interrupted; its flag stays.
     */
    Held lock(String... paths) throws InterruptedIOException {
        int[] slots = Arrays.stream(paths).mapToInt(PathLocks::slotOf).sorted().distinct().toArray();
        int taken = 0;
        try {
            for (int slot : slots) {
                locks[slot].lockInterruptibly();
                taken++;
            }
        } catch (InterruptedException e) {
            unlock(slots, taken);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the thread was interrupted");
        }
        return () -> unlock(slots, slots.length);
    }

    private void unlock(int[] slots, int count) {
        for (int i = count - 1; i >= 0; i--) {
            locks[slots[i]].unlock();
        }
    }

    private static int slotOf(String path) {
        return Math.floorMod(path.hashCode() * 0x9E3779B9, COUNT);
    }

    /** Given back at close, by the thread that took them. */
    interface Held extends AutoCloseable {
        @Override
        void close();
    }
}
