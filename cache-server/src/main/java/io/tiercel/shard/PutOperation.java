package io.tiercel.shard;

import io.tiercel.load.Mount;
import io.tiercel.tier.Allocation;
import java.nio.ByteBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A put between its opening and its commit: the space into which its bytes go. The bytes may be written by any one
 * thread at a time; everything else is for the shard thread. It must be committed or aborted, or its space is lost
 * until the node restarts.
 */
public final class PutOperation {
    private final PutRequest request;
    private final Mount mount;
    private final Allocation allocation;
    private boolean isCommitted;

    PutOperation(PutRequest request, Mount mount, Allocation allocation) {
        this.request = request;
        this.mount = mount;
        this.allocation = allocation;
    }

    public PutRequest request() {
        return request;
    }

    Mount mount() {
        return mount;
    }

    /** Where the bytes go; as long as the request said. */
    public MutableDirectBuffer buffer() {
        return allocation.payload();
    }

    /** The same bytes as a buffer of their own position. */
    public ByteBuffer payload() {
        return allocation.payloadByteBuffer();
    }

    boolean publish(int crc, String etag) {
        return allocation.publish(crc, etag);
    }

    /** From now on the commit ends it: the store may be reading its bytes, so nobody else gives the space back. */
    void committed() {
        isCommitted = true;
    }

    /** Gives up what nobody has committed; answers whether this was it. */
    boolean tryAbandon() {
        boolean abandoned = !isCommitted;
        if (abandoned) {
            isCommitted = true;
            allocation.abort();
        }
        return abandoned;
    }

    /** Whether its memory is gone: somebody cut its file short. */
    public boolean isLost() {
        return allocation.isLost();
    }

    /** Gives the space back; whatever is there under the key stays. A second call does nothing. */
    void abort() {
        allocation.abort();
    }
}
