package io.tiercel.index;

import com.dynatrace.hash4j.hashing.ByteAccess;
import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** XXH3 (64 bits) under two seeds. Threadsafe. */
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

    private final Hasher64 first;
    private final Hasher64 second;

    XxHasher(long seed) {
        this.first = Hashing.xxh3_64(seed);
        this.second = Hashing.xxh3_64(Hashing.xxh3_64().hashLongToLong(seed));
    }

    @Override
    public long hash(DirectBuffer key, int offset, int length) {
        return first.hashBytesToLong(key, offset, length, ACCESS);
    }

    @Override
    public long hash2(DirectBuffer key, int offset, int length) {
        return second.hashBytesToLong(key, offset, length, ACCESS);
    }
}
