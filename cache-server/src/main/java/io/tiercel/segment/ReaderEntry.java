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
    /** Of a node before us: what it was granted is not known. */
    boolean isLeftOver;
    /** Its owner pinned more than it was granted: no pin of it counts any more. */
    boolean isRevoked;
    /** Touches taken out of its ring, or passed over. */
    long touchPosition;

    ReaderEntry(int number) {
        this.number = number;
    }
}
