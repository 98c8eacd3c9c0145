package io.tiercel.shard;

import io.tiercel.Key;
import io.tiercel.storage.ReadOptions;

/**
 * What a load is to bring. Immutable.
 *
 * @param frame   key of the frame that it fills, under which others join it.
 * @param object  key of the object in the store.
 * @param options which bytes of it.
 * @param kind    what they are for.
 */
record Wanted(Key frame, Key object, ReadOptions options, Kind kind) {
    enum Kind {
        /** The object, as whatever it turns out to be kept. */
        OBJECT,
        /** One page of an object whose manifest is known. */
        PAGE,
        /** Bytes for one reader, which nobody keeps or joins. */
        STREAM
    }

    static Wanted object(Key key) {
        return new Wanted(key, key, ReadOptions.WHOLE, Kind.OBJECT);
    }
}
