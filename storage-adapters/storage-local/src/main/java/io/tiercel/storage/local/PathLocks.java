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
        return locks[Math.floorMod(path.hashCode() * 0x9E3779B9, locks.length)];
    }
}
