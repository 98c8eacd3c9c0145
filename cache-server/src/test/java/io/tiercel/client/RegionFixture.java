package io.tiercel.client;

import io.tiercel.Key;
import io.tiercel.mapped.ControlFile;
import io.tiercel.mapped.LockFile;
import io.tiercel.mapped.ReaderFile;
import java.nio.file.Path;
import org.agrona.DirectBuffer;

/** What a mapped client reads through, without the session that would have made it. Threadsafe, as the region is. */
public final class RegionFixture {
    private final ReaderRegion region;

    /** Of an attached reader. */
    public RegionFixture(Path nodeDir, ControlFile control, ReaderFile reader, LockFile lock) {
        TiercelClient.Context context = new TiercelClient.Context().nodeDir(nodeDir)
                .nearCacheEntries(DescriptorCache.WAYS);
        this.region = new ReaderRegion(context, nodeDir, control, reader, lock, control.incarnationVolatile());
        region.attached();
    }

    /** Reads a frame at a place that the node named, and lets it go: the next read of its key needs no place. */
    public boolean admit(Key key, int frameOffset, long generation, long fileGeneration, long fileLength, long sequence,
            long epoch) {
        Place place = new Place(0, frameOffset, generation, fileGeneration, fileLength, sequence, epoch,
                0L, Served.MAPPED);
        try (Frame frame = new Frame()) {
            return region.tryAdmit(key, place, frame) == ReaderRegion.Admission.OPENED;
        }
    }

    /** Whether the frame was read before and may be read still; it is open then. */
    public boolean tryOpen(Key key, Frame into) {
        return region.tryOpen(key, into);
    }

    /** The session is over. */
    public void retire() {
        region.retire();
    }

    /** Whether all that is under a lease has one value. */
    public static boolean holdsOnly(Frame open, byte value) {
        DirectBuffer bytes = open.buffer();
        for (int i = 0; i < bytes.capacity(); i++) {
            if (bytes.getByte(i) != value) {
                return false;
            }
        }
        return true;
    }
}
