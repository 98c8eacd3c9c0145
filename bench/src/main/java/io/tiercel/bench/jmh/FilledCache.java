package io.tiercel.bench.jmh;

import io.tiercel.Key;
import io.tiercel.bench.cache.CacheRoom;
import io.tiercel.bench.cache.CacheSystem;
import io.tiercel.bench.cache.PayloadCache;
import io.tiercel.bench.process.ScratchFolders;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A cache of this process that holds a payload for every key, the same bytes in every system but for the stamp, which is
 * the key's number. A payload is put under a key object of its own: a read finds it by equal bytes, as one must whose key
 * has just arrived, and not by the very object. Its files are in a folder of its own, deleted with it. Not threadsafe.
 */
final class FilledCache implements AutoCloseable {
    /** Our heap tier takes a frame in at its second read; more are for filters that forget. */
    private static final int MOST_PASSES = 8;

    private final PayloadCache cache;
    private final ScratchFolders folders;
    private final Keyspace keys;
    private final Keyspace stored;
    private final UnsafeBuffer payload;

    private FilledCache(PayloadCache cache, ScratchFolders folders, Keyspace keys, int payloadLength) {
        this.cache = cache;
        this.folders = folders;
        this.keys = keys;
        this.stored = new Keyspace(keys.size());
        byte[] bytes = new byte[payloadLength];
        new Random(payloadLength).nextBytes(bytes);
        this.payload = new UnsafeBuffer(ByteBuffer.allocateDirect(payloadLength).order(ByteOrder.nativeOrder()));
        payload.putBytes(0, bytes);
    }

    /** Opens a system and puts every key; a read of any of them hits from then on. */
    static FilledCache open(CacheSystem system, Keyspace keys, int payloadLength) {
        ScratchFolders folders = ScratchFolders.create();
        PayloadCache cache = null;
        FilledCache filled = null;
        try {
            cache = system.open(new CacheRoom(keys.size(), keys.keyLength(), payloadLength, folders.disk()));
            filled = new FilledCache(cache, folders, keys, payloadLength);
            filled.putAll();
            filled.requireAll();
            return filled;
        } catch (RuntimeException e) {
            CloseHelper.quietClose(cache);
            folders.delete();
            throw e;
        }
    }

    /** Puts every key again. */
    void putAll() {
        for (int number = 0; number < keys.size(); number++) {
            put(number);
        }
    }

    private void requireAll() {
        int missing = keys.size();
        for (int pass = 0; pass < MOST_PASSES && missing > 0; pass++) {
            missing = 0;
            for (int number = 0; number < keys.size(); number++) {
                missing += read(number) ? 0 : 1;
            }
        }
        if (missing > 0) {
            throw new IllegalStateException("keys=" + keys.size() + " of which " + missing + " are not there");
        }
    }

    /** Reads the next key of the draw; whether it was right. */
    boolean read() {
        return read(keys.draw());
    }

    /** Puts the next key of the draw again, whose number it answers. */
    int put() {
        int number = keys.draw();
        put(number);
        return number;
    }

    private void put(int number) {
        payload.putLong(0, number);
        cache.put(stored.key(number), payload);
    }

    /** Whether a key has its payload, whatever it takes until a tier answers. */
    boolean isThere(int number) {
        for (int pass = 0; pass < MOST_PASSES; pass++) {
            if (read(number)) {
                return true;
            }
        }
        return false;
    }

    boolean read(int number) {
        return cache.read(keys.key(number), number);
    }

    /** Drops everything at and under a prefix; in {@link CacheSystem#L1} and {@link CacheSystem#L2} alone. */
    void invalidatePrefix(Key prefix) {
        cache.invalidatePrefix(prefix);
    }

    @Override
    public void close() {
        try {
            cache.close();
        } finally {
            folders.delete();
        }
    }
}
