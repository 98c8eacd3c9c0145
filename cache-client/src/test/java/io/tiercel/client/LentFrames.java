package io.tiercel.client;

import io.tiercel.Key;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;

/** Open frames over memory of a test. */
public final class LentFrames {
    private LentFrames() {}

    /** A frame of all that memory, which runs something when it is given up. */
    public static Frame lend(DirectBuffer memory, Runnable release) {
        Lease lease = new Lease() {
            @Override
            public DirectBuffer memory() {
                return memory;
            }

            @Override
            public ByteBuffer slice(int offset, int length) {
                throw new UnsupportedOperationException();
            }

            @Override
            public boolean isMapped() {
                return true;
            }

            @Override
            public void release() {
                release.run();
            }
        };
        Frame frame = new Frame();
        frame.open(lease, new FrameInfo(Key.of("lent"), "\"tag\"", "text/plain", memory.capacity(), 7, 0), 0,
                Served.MAPPED);
        return frame;
    }
}
