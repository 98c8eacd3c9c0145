package io.tiercel.bench.cache;

import io.tiercel.Key;

/** Where frames lie, by key: the node's index, or a raw map beside it. Not threadsafe. */
public interface PlaceMap extends AutoCloseable {
    /** What {@link #find} answers for a key that was not put. */
    int NOT_FOUND = -1;

    void put(Key key, int offset);

    /** The offset that was put, or {@link #NOT_FOUND}. */
    int find(Key key);

    @Override
    void close();

    /** The node's index: a hash of the key, and a look-up of it. */
    static PlaceMap ofNode(int keyCount) {
        return new IndexPlaceMap(keyCount);
    }

    /** A Chronicle Map from the key's bytes to the place, with the settings of the index. */
    static PlaceMap ofChronicle(int keyCount, int keyLength) {
        return new ChroniclePlaceMap(keyCount, keyLength);
    }
}
