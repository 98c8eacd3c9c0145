package io.tiercel.client;

/** What a path names. */
public enum EntryKind {
    /** An object: it has bytes. */
    FILE,
    /** Something that holds paths and has no bytes. */
    FOLDER
}
