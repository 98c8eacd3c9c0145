package io.tiercel.index;

import net.openhft.chronicle.algo.hashing.LongHashFunction;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.bytes.RandomDataInput;
import net.openhft.chronicle.bytes.RandomDataOutput;
import net.openhft.chronicle.hash.AbstractData;
import net.openhft.chronicle.hash.Data;
import net.openhft.chronicle.hash.serialization.DataAccess;
import net.openhft.chronicle.hash.serialization.SizedReader;
import net.openhft.chronicle.hash.serialization.StatefulCopyable;
import net.openhft.chronicle.wire.WireIn;
import net.openhft.chronicle.wire.WireOut;
import org.jspecify.annotations.Nullable;

/** Key of the index: 64 bits of hash. Mutable and reused, since a boxed one would be allocated. Not threadsafe. */
final class IndexKey {
    static final int LENGTH = Long.BYTES;

    long hash;

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IndexKey key && key.hash == hash;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(hash);
    }

    /** Its 8 bytes as a look-up takes them: compared and hashed as the number that they are, and not written first. */
    @SuppressWarnings("rawtypes") // as Chronicle's own interfaces are
    static final class Access extends AbstractData<IndexKey> implements DataAccess<IndexKey> {
        private IndexKey key = new IndexKey();
        private @Nullable BytesStore bytes;

        @Override
        public Data<IndexKey> getData(IndexKey instance) {
            key = instance;
            return this;
        }

        @Override
        public void uninit() {
            // the key stays referenced: there is one for the life of an index
        }

        @Override
        public long hash(LongHashFunction function) {
            return function.hashLong(key.hash);
        }

        @Override
        public boolean equivalent(RandomDataInput source, long offset) {
            return source.readLong(offset) == key.hash;
        }

        @Override
        public void writeTo(RandomDataOutput target, long offset) {
            target.writeLong(offset, key.hash);
        }

        @Override
        public RandomDataInput bytes() {
            BytesStore store = bytes == null ? BytesStore.wrap(new byte[LENGTH]) : bytes;
            bytes = store;
            store.writeLong(0L, key.hash);
            return store;
        }

        @Override
        public long offset() {
            return bytes().start();
        }

        @Override
        public long size() {
            return LENGTH;
        }

        @Override
        public IndexKey get() {
            return key;
        }

        @Override
        public IndexKey getUsing(@Nullable IndexKey using) {
            IndexKey copy = using == null ? new IndexKey() : using;
            copy.hash = key.hash;
            return copy;
        }

        /** Each context has one of its own. */
        @Override
        public DataAccess<IndexKey> copy() {
            return new Access();
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

    /** Its 8 bytes in the file. Keeps no state. */
    @SuppressWarnings("rawtypes") // as Chronicle's own interfaces are
    static final class Reader implements SizedReader<IndexKey>, StatefulCopyable<Reader> {
        @Override
        public IndexKey read(Bytes in, long size, @Nullable IndexKey using) {
            IndexKey key = using == null ? new IndexKey() : using;
            key.hash = in.readLong();
            return key;
        }

        @Override
        public Reader copy() {
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
