package io.tiercel.arrow;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.ForeignAllocation;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a frame as memory that Arrow counts references to: the hold on the frame is closed, once, when the last
 * buffer made of it is released, by the thread that does so. The allocator accounts for the whole length meanwhile.
 *
 * <p>Closing gives up this object's own reference; views got from it by {@link #slice} live on as long as they were
 * retained, byte buffers do not.
 */
final class FrameMemory implements AutoCloseable {
    private final ArrowBuf buffer;

    private FrameMemory(ArrowBuf buffer) {
        this.buffer = buffer;
    }

    /** Takes over the hold, which is closed as well when this fails. */
    static FrameMemory wrap(long address, long length, AutoCloseable hold, ArrowFrame.Context context) {
        HeldAllocation allocation = new HeldAllocation(length, address, hold);
        boolean isDone = false;
        try {
            if (address == 0 || length < 0) {
                throw new IllegalArgumentException("address=" + address + " length=" + length + ", expected memory");
            }
            ArrowBuf buffer = context.conclude().requiredAllocator().wrapForeignAllocation(allocation);
            isDone = true;
            return new FrameMemory(buffer);
        } catch (OutOfMemoryException e) {
            throw Corruption.of(e);
        } finally {
            if (!isDone) {
                allocation.release0();
            }
        }
    }

    long length() {
        return buffer.capacity();
    }

    /** The little-endian integer at an offset, which is known to be inside. */
    int intAt(long offset) {
        return buffer.getInt(Corruption.within(offset, length() - Integer.BYTES, "offset"));
    }

    /** A view of a range without a reference of its own. */
    ArrowBuf slice(long offset, long length) {
        checkRange(offset, length);
        return buffer.slice(offset, length);
    }

    /** A view of a range for parsing, to be forgotten before this memory is closed. */
    ByteBuffer metadata(long offset, int length) {
        checkRange(offset, length);
        return buffer.nioBuffer(offset, length).asReadOnlyBuffer();
    }

    private void checkRange(long offset, long length) {
        Corruption.within(length, length(), "length");
        Corruption.within(offset, length() - length, "offset");
    }

    @Override
    public void close() {
        buffer.close();
    }

    private static final class HeldAllocation extends ForeignAllocation {
        private final AtomicReference<@Nullable AutoCloseable> hold;

        HeldAllocation(long size, long address, AutoCloseable hold) {
            super(size, address);
            this.hold = new AtomicReference<>(hold);
        }

        @Override
        protected void release0() {
            AutoCloseable held = hold.getAndSet(null);
            if (held == null) {
                return;
            }
            try {
                held.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("hold on a frame could not be closed", e);
            }
        }
    }
}
