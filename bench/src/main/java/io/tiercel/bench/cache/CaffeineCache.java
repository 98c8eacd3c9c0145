package io.tiercel.bench.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tiercel.Key;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Caffeine, arrays on the heap. Bounded by weight as our heap tier is; its upkeep runs on the calling thread, since there
 * is one thread, and a pool would only take its cores away. Its keys are the objects that the benchmark holds anyway,
 * with their hash made ahead: nothing is hashed at a read, where our tier begins with bytes that came by wire.
 */
final class CaffeineCache implements PayloadCache {
    private final Cache<Key, byte[]> cache;
    private final int payloadLength;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);

    CaffeineCache(CacheRoom room) {
        this.payloadLength = room.payloadLength();
        this.cache = Caffeine.newBuilder().executor(Runnable::run).initialCapacity(room.keyCount())
                .maximumWeight(room.capacity()).weigher((Key key, byte[] payload) -> payload.length).build();
    }

    @Override
    public void put(Key key, UnsafeBuffer payload) {
        byte[] copy = new byte[payloadLength];
        payload.getBytes(0, copy);
        cache.put(key, copy);
    }

    @Override
    public boolean read(Key key, long stamp) {
        byte[] payload = cache.getIfPresent(key);
        if (payload == null) {
            return false;
        }
        view.wrap(payload);
        return payload.length == payloadLength && view.getLong(0) == stamp;
    }

    @Override
    public void close() {
        cache.invalidateAll();
    }
}
