package io.tiercel.shard;

import io.tiercel.Key;

/** One reader's way through one object, and what is held for it meanwhile. Single writer: shard agent. */
public final class Reading {
    final Key key;

    public Reading(Key key) {
        this.key = key;
    }
}
