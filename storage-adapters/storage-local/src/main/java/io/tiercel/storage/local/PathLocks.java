package io.tiercel.storage.local;

import io.tiercel.storage.StorePath;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Locks by path, few for all of them: they are held for the renaming of a file, not for its bytes. Threadsafe. */
final class PathLocks {
    private final Lock[] locks = new Lock[64];

    PathLocks() {
        for (int i = 0; i < locks.length; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    Lock of(StorePath path) {
        return locks[slotOf(path)];
    }

    /** Takes the locks of two paths, always in the same order; they may be one. */
    Held lockBoth(StorePath one, StorePath other) {
        Lock first = locks[Math.min(slotOf(one), slotOf(other))];
        Lock second = locks[Math.max(slotOf(one), slotOf(other))];
        first.lock();
        second.lock();
        return () -> {
            second.unlock();
            first.unlock();
        };
    }

    private int slotOf(StorePath path) {
        return Math.floorMod(path.hashCode() * 0x9E3779B9, locks.length);
    }

    /** Locks that are given back at close, by the thread that took them. */
    interface Held extends AutoCloseable {
        @Override
        void close();
    }
}
