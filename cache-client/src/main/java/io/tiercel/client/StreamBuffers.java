package io.tiercel.client;

import org.agrona.BitUtil;
import org.agrona.concurrent.ManyToManyConcurrentArrayQueue;

/**
 * Where memory for received frames comes from. What small frames gave back is used again, since to allocate and free
 * memory outside the heap takes longer than to receive one of them; what is larger than {@link #MOST_LENGTH} is allocated
 * and freed each time. Keeps at most {@link #KEPT_LENGTH} bytes for each power of two, 1.2 MB in all. Threadsafe.
 */
final class StreamBuffers {
    private static final int LEAST_LENGTH = 256;
    private static final int MOST_LENGTH = 64 * 1024;
    private static final int KEPT_LENGTH = 128 * 1024;
    private static final int MOST_KEPT = 64;

    private final ManyToManyConcurrentArrayQueue<StreamBuffer>[] free;

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    StreamBuffers() {
        free = new ManyToManyConcurrentArrayQueue[classOf(MOST_LENGTH) + 1];
        for (int i = 0; i < free.length; i++) {
            free[i] = new ManyToManyConcurrentArrayQueue<>(Math.min(MOST_KEPT, KEPT_LENGTH / (LEAST_LENGTH << i)));
        }
    }

    private static int classOf(int length) {
        return Integer.numberOfTrailingZeros(BitUtil.findNextPositivePowerOfTwo(Math.max(length, LEAST_LENGTH))
                / LEAST_LENGTH);
    }

    /**
     * Memory of a length, with whatever is in it.
     *
     * @throws OutOfMemoryError when the JVM's limit on direct memory leaves no room.
     */
    StreamBuffer take(int length) {
        if (length > MOST_LENGTH) {
            return new StreamBuffer(length, null);
        }
        int size = classOf(length);
        StreamBuffer used = free[size].poll();
        StreamBuffer taken = used == null ? new StreamBuffer(LEAST_LENGTH << size, this) : used;
        taken.begin(length);
        return taken;
    }

    /** Keeps memory for the next frame; false when enough is kept. */
    boolean tryKeep(StreamBuffer buffer) {
        return free[classOf(buffer.capacity())].offer(buffer);
    }
}
