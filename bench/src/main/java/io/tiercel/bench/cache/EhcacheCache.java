package io.tiercel.bench.cache;

import io.tiercel.Key;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.ehcache.Cache;
import org.ehcache.CacheManager;
import org.ehcache.config.builders.CacheConfigurationBuilder;
import org.ehcache.config.builders.CacheManagerBuilder;
import org.ehcache.config.builders.ResourcePoolsBuilder;
import org.ehcache.config.units.MemoryUnit;
import org.ehcache.spi.serialization.Serializer;

/**
 * Ehcache, off-heap tier alone: no heap tier before it and no expiry. Its store copies the bytes of an entry to the heap
 * at every read; the serializer of values hands out that copy as it is and makes no second one, which is less than its
 * own serializer of arrays does. Keys are their bytes.
 */
final class EhcacheCache implements PayloadCache {
    private static final String NAME = "bench";

    private final CacheManager manager;
    private final Cache<Key, ByteBuffer> cache;
    private final int payloadLength;

    EhcacheCache(CacheRoom room) {
        this.payloadLength = room.payloadLength();
        this.manager = CacheManagerBuilder.newCacheManagerBuilder().build(true);
        this.cache = manager.createCache(NAME,
                CacheConfigurationBuilder.newCacheConfigurationBuilder(Key.class, ByteBuffer.class,
                        ResourcePoolsBuilder.newResourcePoolsBuilder().offheap(room.capacity() >> 20, MemoryUnit.MB))
                        .withKeySerializer(new Keys()).withValueSerializer(new Payloads()));
    }

    @Override
    public void put(Key key, UnsafeBuffer payload) {
        cache.put(key, payload.byteBuffer());
    }

    @Override
    public boolean read(Key key, long stamp) {
        ByteBuffer payload = cache.get(key);
        return payload != null && payload.remaining() == payloadLength
                && payload.order(ByteOrder.nativeOrder()).getLong(payload.position()) == stamp;
    }

    @Override
    public void close() {
        manager.close();
    }

    /** A key as its bytes. Threadsafe. */
    private static final class Keys implements Serializer<Key> {
        @Override
        public ByteBuffer serialize(Key key) {
            return ByteBuffer.wrap(key.buffer().byteArray());
        }

        @Override
        public Key read(ByteBuffer binary) {
            return Key.ofUtf8(new UnsafeBuffer(binary.slice()), 0, binary.remaining());
        }

        @Override
        public boolean equals(Key key, ByteBuffer binary) {
            return ByteBuffer.wrap(key.buffer().byteArray()).equals(binary);
        }
    }

    /** A payload as it is. Threadsafe. */
    private static final class Payloads implements Serializer<ByteBuffer> {
        @Override
        public ByteBuffer serialize(ByteBuffer payload) {
            return payload.duplicate().clear();
        }

        @Override
        public ByteBuffer read(ByteBuffer binary) {
            return binary;
        }

        @Override
        public boolean equals(ByteBuffer payload, ByteBuffer binary) {
            return payload.duplicate().clear().equals(binary);
        }
    }
}
