package io.tiercel.index;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.hash.serialization.SizedReader;
import net.openhft.chronicle.hash.serialization.SizedWriter;
import net.openhft.chronicle.hash.serialization.StatefulCopyable;
import net.openhft.chronicle.wire.WireIn;
import net.openhft.chronicle.wire.WireOut;
import org.jspecify.annotations.Nullable;

/** Key of the index: 128 bits of hash. Mutable and reused. Not threadsafe. */
final class IndexKey {
    static final int LENGTH = 2 * Long.BYTES;

    long hash;
    long hash2;

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IndexKey key && key.hash == hash && key.hash2 == hash2;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash);
    }

    /** Its 16 bytes in the file. Keeps no state. */
    @SuppressWarnings("rawtypes") // as Chronicle's own interfaces are
    static final class Marshaller
            implements
                SizedReader<IndexKey>,
                SizedWriter<IndexKey>,
                StatefulCopyable<Marshaller> {
        @Override
        public IndexKey read(Bytes in, long size, @Nullable IndexKey using) {
            IndexKey key = using == null ? new IndexKey() : using;
            key.hash = in.readLong();
            key.hash2 = in.readLong();
            return key;
        }

        @Override
        public long size(IndexKey key) {
            return LENGTH;
        }

        @Override
        public void write(Bytes out, long size, IndexKey key) {
            out.writeLong(key.hash);
            out.writeLong(key.hash2);
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
