package io.tiercel.client;

import io.tiercel.Key;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One cached object, held open: a lease on bytes that never change. They are the node's own mapped segment when
 * {@link #isMapped()}, else this process's copy; the caller need not care.
 *
 * <p>The bytes are valid until {@link #close()}, also after the client was closed, the key was overwritten or
 * invalidated, and the node stopped. Whatever was taken from {@link #buffer()}, {@link #byteBuffer()} and
 * {@link #address()} must not be touched after close: the memory may be reused or unmapped, and what is there then
 * is another frame's bytes or a crash of the process, never an exception. Segment memory under an open frame cannot be
 * reused, so close frames soon.
 *
 * <p>A closed frame may be passed to {@link TiercelClient#get(Key, Frame)} again: that is how repeat reads allocate
 * nothing. Not threadsafe, except that close may come from any thread; a frame that several threads read must be
 * handed to them safely.
 */
public final class Frame implements AutoCloseable {
    private static final byte[] NOTHING = new byte[0];
    private static final VarHandle LEASE;

    static {
        try {
            LEASE = MethodHandles.lookup().findVarHandle(Frame.class, "lease", Lease.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final UnsafeBuffer buffer = new UnsafeBuffer(NOTHING);
    private volatile @Nullable Lease lease;
    private @Nullable FrameInfo info;
    private Served served = Served.MAPPED;
    private int offset;
    private long position;
    private long objectLength;

    /** A closed frame, to be opened by {@link TiercelClient#get(Key, Frame)}. */
    public Frame() {}

    /** Opens this closed frame over a lease that is from now on its own. */
    void open(Lease held, FrameInfo description, int offset, Served by) {
        buffer.wrap(held.memory(), offset, description.length());
        this.info = description;
        this.offset = offset;
        this.served = by;
        this.position = 0;
        this.objectLength = description.length();
        LEASE.setRelease(this, held);
    }

    /** Opens this closed frame over a part of an object. */
    void openPart(Lease held, FrameInfo description, Served by, long positionInObject, long lengthOfObject) {
        open(held, description, 0, by);
        position = positionInObject;
        objectLength = lengthOfObject;
    }

    /** Has this open frame show fewer of its bytes, as far as there are so many. */
    void narrow(long from, long count) {
        FrameInfo whole = info();
        int first = (int) Math.min(from, whole.length());
        int length = (int) Math.min(count, whole.length() - first);
        info = new FrameInfo(whole.key(), whole.etag(), whole.contentType(), length, whole.lastModifiedMs(),
                whole.expiresAtMs());
        offset += first;
        position += first;
        buffer.wrap(held().memory(), offset, length);
    }

    /** @throws IllegalStateException when it holds a lease. */
    void requireClosed() {
        if (lease != null) {
            throw new IllegalStateException("frame still holds " + info().key() + ", expected it closed before reuse");
        }
    }

    /** Whether it holds bytes. */
    public boolean isOpen() {
        return lease != null;
    }

    public Key key() {
        return info().key();
    }

    /** With its quotes, or empty. */
    public String etag() {
        return info().etag();
    }

    /** Empty when the frame has none. */
    public String contentType() {
        return info().contentType();
    }

    /** Bytes that it holds: the payload, or as many of a range as there are. */
    public long length() {
        return info().length();
    }

    /** Where its first byte lies in the object: 0 but for a range. */
    public long offset() {
        info();
        return position;
    }

    /** Bytes of the object, of which a range holds some. */
    public long objectLength() {
        info();
        return objectLength;
    }

    /** Ms since 1970 as the store says, 0 when it does not. */
    public long lastModifiedMs() {
        return info().lastModifiedMs();
    }

    /** Ms since 1970, 0: never. */
    public long expiresAtMs() {
        return info().expiresAtMs();
    }

    /** Whether the bytes are the node's own, read where they lie. */
    public boolean isMapped() {
        return held().isMapped();
    }

    /** What answered this read. */
    public Served served() {
        held();
        return served;
    }

    /**
     * The payload: index 0 is its first byte, the capacity its length. The same object at every call, aimed at nothing
     * when the frame is closed.
     */
    public DirectBuffer buffer() {
        held();
        return buffer;
    }

    /** The payload as a new read-only view from 0 to its length, big endian as every new ByteBuffer. */
    public ByteBuffer byteBuffer() {
        return held().slice(offset, info().length());
    }

    /** Absolute address of the first byte, on a multiple of 64 unless it is of a range. */
    public long address() {
        held();
        return buffer.addressOffset();
    }

    /** Gives the bytes up. A second call does nothing. */
    @Override
    public void close() {
        Lease held = (Lease) LEASE.getAndSet(this, null);
        if (held != null) {
            buffer.wrap(NOTHING);
            held.release();
        }
    }

    /**
     * Moves the bytes to another frame, whose close alone gives them up from now on; this one is closed. For a reader
     * that must outlast the caller's own close.
     *
     * @throws IllegalStateException when it is closed.
     */
    public Frame detach() {
        Frame moved = new Frame();
        moveTo(moved);
        return moved;
    }

    /** Moves the bytes to a closed frame; this one is closed. */
    void moveTo(Frame moved) {
        FrameInfo description = info();
        Lease held = (Lease) LEASE.getAndSet(this, null);
        if (held == null) {
            throw new IllegalStateException("frame is closed");
        }
        buffer.wrap(NOTHING);
        moved.open(held, description, offset, served);
        moved.position = position;
        moved.objectLength = objectLength;
    }

    private Lease held() {
        Lease held = lease;
        if (held == null) {
            throw new IllegalStateException("frame is closed");
        }
        return held;
    }

    private FrameInfo info() {
        FrameInfo description = info;
        if (lease == null || description == null) {
            throw new IllegalStateException("frame is closed");
        }
        return description;
    }

    @Override
    public String toString() {
        FrameInfo description = info;
        return lease == null || description == null
                ? "Frame(closed)"
                : "Frame(" + description.key() + ", length=" + description.length() + ")";
    }
}
