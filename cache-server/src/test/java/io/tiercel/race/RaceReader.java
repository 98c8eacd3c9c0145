package io.tiercel.race;

import io.tiercel.client.RegionFixture;
import io.tiercel.mapped.LockFile;
import io.tiercel.mapped.ReaderFile;
import java.io.IOException;
import java.io.UncheckedIOException;

/** One reader number of a node in the hands of a client. */
record RaceReader(RaceNode node, int number, ReaderFile file, LockFile lock) {
    /** A client connects. */
    static RaceReader attached(RaceNode node) {
        int number = node.readers.grant();
        RaceReader reader = new RaceReader(node, number, node.readerFile(number), node.lock(number));
        node.attach(number);
        return reader;
    }

    RegionFixture region() {
        return new RegionFixture(node.dir(), node.control, file, lock);
    }

    /** Gives the lock up, as a process does that dies. */
    void unlock() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With nobody left to pin. */
    void unmap() {
        file.close();
    }

    /** All of it, at the end of a race. */
    void leave() {
        unlock();
        unmap();
        node.readers.release(number);
    }
}
