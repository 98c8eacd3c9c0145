package io.tiercel.storage;

/** What a path leads to. */
public enum EntryKind {
    FILE, FOLDER
}
