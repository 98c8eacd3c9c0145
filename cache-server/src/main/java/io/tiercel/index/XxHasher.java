package io.tiercel.index;

import com.dynatrace.hash4j.hashing.ByteAccess;
import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** XXH3 (64 bits) under a seed. Threadsafe. */
final class XxHasher implements KeyHasher {
    private static final ByteAccess<DirectBuffer> ACCESS = new ByteAccess<>() {
        @Override
        public byte getByte(DirectBuffer data, long index) {
            return data.getByte((int) index);
        }

        @Override
        public int getInt(DirectBuffer data, long index) {
            return data.getInt((int) index, ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public long getLong(DirectBuffer data, long index) {
            return data.getLong((int) index, ByteOrder.LITTLE_ENDIAN);
        }
    };

    private final Hasher64 hasher;

    XxHasher(long seed) {
        this.hasher = Hashing.xxh3_64(seed);
    }

    @Override
    public long hash(DirectBuffer key, int offset, int length) {
        return hasher.hashBytesToLong(key, offset, length, ACCESS);
    }
}
