package io.tiercel.index;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.hash.serialization.SizedReader;
import net.openhft.chronicle.hash.serialization.SizedWriter;
import net.openhft.chronicle.hash.serialization.StatefulCopyable;
import net.openhft.chronicle.wire.WireIn;
import net.openhft.chronicle.wire.WireOut;
import org.jspecify.annotations.Nullable;

/** A place as it lies in the index: generation, slot, offset, verified at. Keeps no state. */
@SuppressWarnings("rawtypes") // as Chronicle's own interfaces are
final class PlaceMarshaller
        implements
            SizedReader<FramePlace>,
            SizedWriter<FramePlace>,
            StatefulCopyable<PlaceMarshaller> {
    @Override
    public FramePlace read(Bytes in, long size, @Nullable FramePlace using) {
        FramePlace place = using == null ? new FramePlace() : using;
        // At offsets of the store behind: what moves a position checks it each time, and this is on the path of every read.
        BytesStore store = in.bytesStore();
        long from = in.readPosition();
        long generation = store.readLong(from);
        long at = store.readLong(from + Long.BYTES);
        int verifiedAt = store.readInt(from + 2 * Long.BYTES);
        in.readSkip(FramePlace.LENGTH);
        return place.wrap((int) (at >>> Integer.SIZE), generation, (int) at, verifiedAt);
    }

    @Override
    public long size(FramePlace place) {
        return FramePlace.LENGTH;
    }

    @Override
    public void write(Bytes out, long size, FramePlace place) {
        out.writeLong(place.generation());
        out.writeLong((long) place.slot() << Integer.SIZE | Integer.toUnsignedLong(place.offset()));
        out.writeInt(place.verifiedAt());
    }

    @Override
    public PlaceMarshaller copy() {
        return this;
    }

    @Override
    public void readMarshallable(WireIn wire) {
        // no state
    }

    @Override
    public void writeMarshallable(WireOut wire) {
        // no state
    }
}
