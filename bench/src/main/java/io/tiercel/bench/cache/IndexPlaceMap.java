package io.tiercel.bench.cache;

import io.tiercel.Key;
import io.tiercel.bench.process.ScratchFolders;
import io.tiercel.index.ChronicleIndex;
import io.tiercel.index.FrameIndex;
import io.tiercel.index.FramePlace;
import io.tiercel.index.KeyHasher;
import io.tiercel.index.RecentPlaces;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The node's index in a file of its own, with the places looked up last in front of it, as the node has it. */
final class IndexPlaceMap implements PlaceMap {
    private static final long SEED = 8740;

    private final ScratchFolders folders = ScratchFolders.create();
    private final KeyHasher hasher = KeyHasher.seeded(SEED);
    private final FramePlace place = new FramePlace();
    private final FrameIndex index;

    IndexPlaceMap(int keyCount) {
        try {
            this.index = new RecentPlaces(
                    ChronicleIndex.create(folders.disk().resolve("index"), 2L * keyCount));
        } catch (IOException e) {
            folders.delete();
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void put(Key key, int offset) {
        if (!index.put(hasher.hash(key.buffer(), 0, key.length()),
                place.wrap(1, 1L, offset, 1))) {
            throw new IllegalStateException("key=" + key + " was refused: the index is full");
        }
    }

    @Override
    public int find(Key key) {
        boolean isFound = index.find(hasher.hash(key.buffer(), 0, key.length()), place);
        return isFound ? place.offset() : NOT_FOUND;
    }

    @Override
    public void close() {
        index.close();
        folders.delete();
    }
}
