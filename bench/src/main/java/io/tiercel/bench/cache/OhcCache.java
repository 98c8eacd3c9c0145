package io.tiercel.bench.cache;

import io.tiercel.Key;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.caffinitas.ohc.CacheSerializer;
import org.caffinitas.ohc.DirectValueAccess;
import org.caffinitas.ohc.OHCache;
import org.caffinitas.ohc.OHCacheBuilder;

/**
 * OHC, its linked implementation. A read takes {@code getDirect}, which holds the entry by a reference and copies
 * nothing; entries do not expire.
 */
final class OhcCache implements PayloadCache {
    private final OHCache<Key, ByteBuffer> cache;
    private final int payloadLength;

    OhcCache(CacheRoom room) {
        this.payloadLength = room.payloadLength();
        this.cache = OHCacheBuilder.<Key, ByteBuffer>newBuilder().keySerializer(new Keys())
                .valueSerializer(new Payloads()).capacity(room.capacity()).segmentCount(1).throwOOME(true).build();
    }

    @Override
    public void put(Key key, UnsafeBuffer payload) {
        if (!cache.put(key, payload.byteBuffer())) {
            throw new IllegalStateException("key=" + key + " was refused");
        }
    }

    @Override
    public boolean read(Key key, long stamp) {
        try (DirectValueAccess access = cache.getDirect(key)) {
            if (access == null) {
                return false;
            }
            ByteBuffer payload = access.buffer();
            return payload.remaining() == payloadLength
                    && payload.order(ByteOrder.nativeOrder()).getLong(payload.position()) == stamp;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            cache.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A key as its bytes. Threadsafe. */
    private static final class Keys implements CacheSerializer<Key> {
        @Override
        public void serialize(Key key, ByteBuffer out) {
            out.put(key.buffer().byteArray());
        }

        @Override
        public Key deserialize(ByteBuffer in) {
            return Key.ofUtf8(new UnsafeBuffer(in.slice()), 0, in.remaining());
        }

        @Override
        public int serializedSize(Key key) {
            return key.length();
        }
    }

    /** A payload as it is. Threadsafe. */
    private static final class Payloads implements CacheSerializer<ByteBuffer> {
        @Override
        public void serialize(ByteBuffer payload, ByteBuffer out) {
            out.put(payload.duplicate().clear());
        }

        @Override
        public ByteBuffer deserialize(ByteBuffer in) {
            return in;
        }

        @Override
        public int serializedSize(ByteBuffer payload) {
            return payload.capacity();
        }
    }
}
