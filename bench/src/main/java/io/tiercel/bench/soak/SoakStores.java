package io.tiercel.bench.soak;

/** The stores behind the mounts, by the keys that they hold. Threadsafe; a key is changed by its owner alone. */
record SoakStores(FileStore files, FlakyStore flaky) {
    /** Gives a key's store another version, behind the node's back. */
    void change(SoakKey key, long version) {
        switch (key.store) {
            case FILES -> files.change(key.name, version);
            case FLAKY -> flaky.change(key.name, version);
            case NONE -> throw new IllegalArgumentException("key=" + key.name + " has no store");
        }
    }

    void makeUnreadable(SoakKey key) {
        files.makeUnreadable(key.name);
    }
}
