package io.tiercel.bench.cache;

import io.tiercel.Key;
import java.io.IOException;
import java.io.UncheckedIOException;
import net.openhft.chronicle.hash.serialization.SizeMarshaller;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A Chronicle Map in a file, as a cache of its own: key bytes to payload, both of fixed size, read by {@code getUsing}
 * into one reused value. The value's reader takes length and stamp under the entry's lock and copies no more, so that its
 * price does not grow with the payload; no checksums, puts and removes that return nothing, one segment, since there is
 * one thread.
 */
final class ChronicleCache implements PayloadCache {
    private final ChronicleMap<Key, ChroniclePayload> map;
    private final int payloadLength;
    private final ChroniclePayload value = new ChroniclePayload();

    ChronicleCache(CacheRoom room) {
        this.payloadLength = room.payloadLength();
        try {
            this.map = ChronicleMapBuilder.of(Key.class, ChroniclePayload.class).name("bench")
                    .keyMarshaller(new ChronicleKeyMarshaller()).keySizeMarshaller(SizeMarshaller.constant(room
                            .keyLength()))
                    .valueMarshaller(new ChroniclePayload.Marshaller())
                    .valueSizeMarshaller(SizeMarshaller.constant(payloadLength)).entries(2L * room.keyCount())
                    .actualSegments(1).checksumEntries(false).skipCloseOnExitHook(true).putReturnsNull(true)
                    .removeReturnsNull(true).createPersistedTo(room.folder().resolve("map").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void put(Key key, UnsafeBuffer payload) {
        map.put(key, value.source(payload));
    }

    @Override
    public boolean read(Key key, long stamp) {
        return map.getUsing(key, value) != null && value.length() == payloadLength && value.stamp() == stamp;
    }

    @Override
    public void close() {
        map.close();
    }
}
