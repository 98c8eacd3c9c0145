package io.tiercel.storage.jdbc;

import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorePath;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One object as the table has it. Immutable and threadsafe.
 *
 * @param path as it is written there, which need not be as we would write it when others write, too.
 * @param version names the chunks; a version's bytes never change, so that it is the ETag.
 * @param chunkLength bytes of each chunk but the last.
 * @param metadata names and values in turn, each a line; null for none.
 */
record Row(String path, UUID version, long length, int chunkLength, @Nullable String contentType,
        @Nullable String metadata, long modifiedMs) {
    /** Fits the buffer of a socket and a page of a database's cache; a row that is read at a time is no burden. */
    static final int CHUNK_LENGTH = 256 * 1024;

    static String etagOf(UUID version) {
        return '"' + version.toString() + '"';
    }

    String etag() {
        return etagOf(version);
    }

    /** How long the chunk of a number must be: 0 where the object has none. */
    int chunkLength(long number) {
        return Math.clamp(length - number * chunkLength, 0, chunkLength);
    }

    long chunkCount() {
        return (length + chunkLength - 1) / chunkLength;
    }

    Row at(String other) {
        return new Row(other, version, length, chunkLength, contentType, metadata, modifiedMs);
    }

    ObjectInfo info(StorePath at) {
        return ObjectInfo.file(at).length(length).etag(etag()).lastModifiedMs(modifiedMs)
                .contentType(contentType).userMetadata(metadataOf(metadata)).build();
    }

    /** The lines that a row keeps of metadata, whose characters are all printable. */
    static @Nullable String linesOf(Map<String, String> metadata) {
        if (metadata.isEmpty()) {
            return null;
        }
        StringBuilder lines = new StringBuilder();
        metadata.forEach((name, value) -> lines.append(name).append('\n').append(value).append('\n'));
        return lines.toString();
    }

    private static Map<String, String> metadataOf(@Nullable String lines) {
        Map<String, String> metadata = new TreeMap<>();
        String[] parts = lines == null ? new String[0] : lines.split("\n", -1);
        for (int i = 0; i + 1 < parts.length; i += 2) {
            metadata.put(parts[i], parts[i + 1]);
        }
        return metadata;
    }
}
