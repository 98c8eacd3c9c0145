package io.tiercel.arrow;

import io.tiercel.client.Frame;
import org.apache.arrow.memory.BufferAllocator;

/** Opens frames of the client as Arrow. Threadsafe; what it returns is not. */
public final class ArrowFrames {
    private ArrowFrames() {}

    /**
     * Opens a frame as Arrow, with the structure of each batch verified.
     *
     * @see #open(Frame, ArrowFrame.Context)
     */
    public static ArrowFrame open(Frame frame, BufferAllocator allocator) {
        return open(frame, new ArrowFrame.Context().allocator(allocator));
    }

    /**
     * Opens a frame as Arrow. The bytes move to what is returned: the frame given is closed from here on, also when
     * opening fails, may be closed again and may be used for the next get.
     *
     * @throws io.tiercel.TiercelException as {@link ArrowFrame} says.
     * @throws IllegalStateException when the frame is closed.
     */
    public static ArrowFrame open(Frame frame, ArrowFrame.Context context) {
        Frame held = frame.detach();
        return ArrowFrame.open(held.address(), held.length(), held, context);
    }
}
