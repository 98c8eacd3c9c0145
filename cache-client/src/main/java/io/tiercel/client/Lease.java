package io.tiercel.client;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;

/** What keeps the bytes of one open frame where they are. Any thread; {@link #release()} once a take. */
interface Lease {
    /** The whole memory in which the frame's bytes lie. */
    DirectBuffer memory();

    /** Read-only view of a range of that memory. */
    ByteBuffer slice(int offset, int length);

    /** Whether the memory is the node's own segment. */
    boolean isMapped();

    /** Gives the bytes up: nothing may read them from here on. */
    void release();
}
