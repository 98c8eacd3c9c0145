package io.tiercel.client;

/**
 * One line of a listing. Immutable and threadsafe.
 *
 * @param path the whole path, as a key spells it.
 * @param kind file or folder.
 * @param length bytes of payload; 0 for a folder.
 * @param lastModifiedMs ms since 1970, 0 when the store does not say.
 * @param etag with its quotes, empty when the store does not say.
 */
public record ListEntry(String path, EntryKind kind, long length, long lastModifiedMs, String etag) {}
