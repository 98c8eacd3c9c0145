package io.tiercel.segment;

import io.tiercel.mapped.ReaderFile;
import org.jspecify.annotations.Nullable;

/** One reader number: who may use it, and the pins that count under it. Single writer: the shard agent. */
final class ReaderEntry {
    enum State {
        /** Nobody's. */
        FREE,
        /** Named to a client that has not shown its lock yet. */
        GRANTED,
        /** A client holds the lock. */
        ATTACHED,
        /** The client's session is over, or was of a node before us: waits for the lock to become free. */
        LEAVING,
        /** The client is dead, but its session has not been told over. */
        DEAD
    }

    final int number;
    State state = State.FREE;
    @Nullable
    ReaderFile file;

    ReaderEntry(int number) {
        this.number = number;
    }
}
