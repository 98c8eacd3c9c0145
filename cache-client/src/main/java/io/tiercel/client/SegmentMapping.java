package io.tiercel.client;

import io.tiercel.mapped.MappedFile;
import io.tiercel.mapped.ReaderFile;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A segment file mapped by this client, and the lease on it that open frames share. Threadsafe.
 *
 * <p>Never touched once unmapped: who reads pins the slot (full fence), <em>then</em> asks {@link #isRetired()}, then
 * touches; who unmaps retires (full fence), <em>then</em> looks at the pins, and unmaps only at zero. One of the two sees
 * the other. This holds in any race with close, reaping and whatever the node writes. The pins are those of the reader
 * file, which is why that one is never unmapped by hand: it lives as long as anything here refers to it.
 */
final class SegmentMapping implements Lease {
    private final ReaderRegion region;
    private final ReaderFile reader;
    private final MappedFile file;
    private final UnsafeBuffer memory;
    private final int slot;
    private final long fileGeneration;
    private volatile boolean retired;
    private boolean unmapped;

    SegmentMapping(ReaderRegion region, ReaderFile reader, MappedFile file, int slot, long fileGeneration) {
        this.region = region;
        this.reader = reader;
        this.file = file;
        this.memory = file.buffer();
        this.slot = slot;
        this.fileGeneration = fileGeneration;
    }

    int slot() {
        return slot;
    }

    long fileGeneration() {
        return fileGeneration;
    }

    /** Bytes of the file. */
    int length() {
        return memory.capacity();
    }

    /** Whether no new lease may read it; asked with the slot pinned. */
    boolean isRetired() {
        return retired;
    }

    /** From here on no new lease reads it. */
    void retire() {
        retired = true;
    }

    /** Unmaps it when it is retired and nobody holds a lease; answers whether it is unmapped. */
    synchronized boolean tryUnmap() {
        if (!unmapped && retired && reader.pinsVolatile(slot) == 0L) {
            unmapped = true;
            file.close();
        }
        return unmapped;
    }

    @Override
    public UnsafeBuffer memory() {
        return memory;
    }

    @Override
    public ByteBuffer slice(int offset, int length) {
        return file.slice(offset, length);
    }

    @Override
    public boolean isMapped() {
        return true;
    }

    @Override
    public void release() {
        if (reader.unpin(slot) == 0L && retired) {
            tryUnmap();
            region.leaseEnded();
        }
    }
}
