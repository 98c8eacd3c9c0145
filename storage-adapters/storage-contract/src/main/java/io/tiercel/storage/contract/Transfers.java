package io.tiercel.storage.contract;

import com.sun.management.ThreadMXBean;
import io.tiercel.storage.ObjectRead;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Sources and sinks of large transfers that cost nothing themselves, and the count of what a transfer allocates. Stateless. */
public final class Transfers {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Transfers() {}

    /** So many bytes, which stand in no memory: a buffer moves to where they would end. Not threadsafe. */
    public static ReadableByteChannel zeros(long length) {
        return new Zeros(length);
    }

    /** Reads to the end by way of a buffer, and gives the number of bytes. */
    public static long drain(ObjectRead read, ByteBuffer target) {
        long length = 0;
        for (int count = read.read(target.clear()); count >= 0; count = read.read(target.clear())) {
            length += count;
        }
        return length;
    }

    /** Bytes of heap that the calling thread has allocated so far. */
    public static long allocatedByThisThread() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    /** Bytes of heap that all threads of this process have allocated so far, those that ended included. */
    public static long allocatedByAllThreads() {
        return THREADS.getTotalThreadAllocatedBytes();
    }

    private static final class Zeros implements ReadableByteChannel {
        private long rest;

        private Zeros(long length) {
            this.rest = length;
        }

        @Override
        public int read(ByteBuffer target) {
            if (rest == 0) {
                return -1;
            }
            int count = (int) Math.min(rest, target.remaining());
            target.position(target.position() + count);
            rest -= count;
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
