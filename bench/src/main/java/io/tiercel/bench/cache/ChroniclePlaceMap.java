package io.tiercel.bench.cache;

import io.tiercel.Key;
import io.tiercel.bench.process.ScratchFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.openhft.chronicle.hash.serialization.SizeMarshaller;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import org.agrona.concurrent.UnsafeBuffer;

/** A Chronicle Map from key bytes to the 20 bytes of a place, of which the offset is the stamp. */
final class ChroniclePlaceMap implements PlaceMap {
    private static final int PLACE_LENGTH = 20;

    private final ScratchFolders folders = ScratchFolders.create();
    private final ChronicleMap<Key, ChroniclePayload> map;
    private final ChroniclePayload value = new ChroniclePayload();
    private final UnsafeBuffer bytes = new UnsafeBuffer(
            ByteBuffer.allocateDirect(PLACE_LENGTH).order(ByteOrder.nativeOrder()));

    ChroniclePlaceMap(int keyCount, int keyLength) {
        try {
            this.map = ChronicleMapBuilder.of(Key.class, ChroniclePayload.class).name("bench-places")
                    .keyMarshaller(new ChronicleKeyMarshaller()).keySizeMarshaller(SizeMarshaller.constant(keyLength))
                    .valueMarshaller(new ChroniclePayload.Marshaller())
                    .valueSizeMarshaller(SizeMarshaller.constant(PLACE_LENGTH)).entries(2L * keyCount)
                    .actualSegments(1).checksumEntries(false).skipCloseOnExitHook(true).putReturnsNull(true)
                    .removeReturnsNull(true).createPersistedTo(folders.disk().resolve("map").toFile());
        } catch (IOException e) {
            folders.delete();
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void put(Key key, int offset) {
        bytes.putLong(0, offset);
        map.put(key, value.source(bytes));
    }

    @Override
    public int find(Key key) {
        return map.getUsing(key, value) == null ? NOT_FOUND : (int) value.stamp();
    }

    @Override
    public void close() {
        map.close();
        folders.delete();
    }
}
