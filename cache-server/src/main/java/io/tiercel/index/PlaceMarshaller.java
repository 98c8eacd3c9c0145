package io.tiercel.index;

import net.openhft.chronicle.bytes.Bytes;
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
        long generation = in.readLong();
        int slot = in.readInt();
        int offset = in.readInt();
        return place.wrap(slot, generation, offset, in.readInt());
    }

    @Override
    public long size(FramePlace place) {
        return FramePlace.LENGTH;
    }

    @Override
    public void write(Bytes out, long size, FramePlace place) {
        out.writeLong(place.generation());
        out.writeInt(place.slot());
        out.writeInt(place.offset());
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
