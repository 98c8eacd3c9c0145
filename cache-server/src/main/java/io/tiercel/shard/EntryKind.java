package io.tiercel.shard;

/** What lies at a path. */
public enum EntryKind {
    /** An object: it has bytes. */
    FILE,
    /** A folder, the root or a mount point: it has entries. */
    FOLDER
}
