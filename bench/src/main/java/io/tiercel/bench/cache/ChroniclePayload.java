package io.tiercel.bench.cache;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.hash.serialization.SizedReader;
import net.openhft.chronicle.hash.serialization.SizedWriter;
import net.openhft.chronicle.hash.serialization.StatefulCopyable;
import net.openhft.chronicle.wire.WireIn;
import net.openhft.chronicle.wire.WireOut;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** The value of a Chronicle Map: what a put takes, and what a read has seen of it. Reused. Not threadsafe. */
final class ChroniclePayload {
    private UnsafeBuffer source = new UnsafeBuffer(0, 0);
    private int length;
    private long stamp;

    /** Has the next put take these bytes. */
    ChroniclePayload source(UnsafeBuffer payload) {
        source = payload;
        return this;
    }

    /** Bytes of the payload that was read. */
    int length() {
        return length;
    }

    long stamp() {
        return stamp;
    }

    /** Copies a payload in, and of one that is read only the stamp out. Keeps no state. */
    @SuppressWarnings("rawtypes") // as Chronicle's own interfaces are
    static final class Marshaller
            implements
                SizedReader<ChroniclePayload>,
                SizedWriter<ChroniclePayload>,
                StatefulCopyable<Marshaller> {
        @Override
        public ChroniclePayload read(Bytes in, long size, @Nullable ChroniclePayload using) {
            ChroniclePayload payload = using == null ? new ChroniclePayload() : using;
            payload.length = (int) size;
            payload.stamp = in.readLong();
            return payload;
        }

        @Override
        public long size(ChroniclePayload payload) {
            return payload.source.capacity();
        }

        @Override
        public void write(Bytes out, long size, ChroniclePayload payload) {
            long from = out.writePosition();
            long address = out.addressForWrite(from);
            new UnsafeBuffer(address, (int) size).putBytes(0, payload.source, 0, (int) size);
            out.writeSkip(size);
        }

        @Override
        public Marshaller copy() {
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
}
