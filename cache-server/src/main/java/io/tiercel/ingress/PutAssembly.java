package io.tiercel.ingress;

import io.tiercel.shard.PutOperation;
import io.tiercel.shard.Shard;
import io.tiercel.tier.ContentHash;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A put whose parts arrive one by one, in order and without gaps, and go straight into their space. Single writer:
 * shard agent.
 */
final class PutAssembly {
    private final int expectedCrc;
    private final long totalLength;
    private final ContentHash hash = new ContentHash();
    private @Nullable PutOperation put;
    private long position;
    private boolean isAborted;

    PutAssembly(long totalLength, int expectedCrc) {
        this.totalLength = totalLength;
        this.expectedCrc = expectedCrc;
    }

    /** Takes the space; false when the put was abandoned meanwhile, and the space given back. */
    boolean opened(PutOperation operation, Shard shard) {
        if (isAborted) {
            shard.abort(operation);
            return false;
        }
        put = operation;
        return true;
    }

    /** Appends a part; false when it is not the next one, or too long. */
    boolean append(long at, DirectBuffer source, int offset, int length) {
        PutOperation operation = put;
        if (operation == null || at != position || length > totalLength - position) {
            return false;
        }
        operation.buffer().putBytes((int) position, source, offset, length);
        hash.update(source, offset, length);
        position += length;
        return true;
    }

    boolean isComplete() {
        return put != null && position == totalLength;
    }

    /** Whether the memory that its parts go to is gone. */
    boolean isLost() {
        return put != null && put.isLost();
    }

    /** Whether the bytes are those that the client meant to send. */
    boolean isIntact() {
        return hash.crc() == expectedCrc;
    }

    ContentHash hash() {
        return hash;
    }

    /** The operation of a put that was opened. */
    PutOperation operation() {
        PutOperation operation = put;
        if (operation == null) {
            throw new IllegalStateException("put has no space yet");
        }
        return operation;
    }

    /** Passes the operation on: from now on aborting this does nothing. */
    PutOperation handOver() {
        PutOperation operation = operation();
        put = null;
        return operation;
    }

    void abort(Shard shard) {
        isAborted = true;
        PutOperation operation = put;
        put = null;
        if (operation != null) {
            shard.abort(operation);
        }
    }
}
