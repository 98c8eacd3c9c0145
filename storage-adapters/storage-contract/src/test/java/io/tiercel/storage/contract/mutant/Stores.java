package io.tiercel.storage.contract.mutant;

import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorePath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;

/** What mutants ask of the store that they break. */
final class Stores {
    private Stores() {}

    static boolean exists(StorageAdapter store, StorePath path) {
        try {
            return store.info(path) != null;
        } catch (StorageException e) {
            return false;
        }
    }

    static boolean isFile(StorageAdapter store, StorePath path) {
        return exists(store, path) && store.info(path).isFile();
    }

    static boolean isFolder(StorageAdapter store, StorePath path) {
        return exists(store, path) && store.info(path).isFolder();
    }

    static List<ObjectInfo> entries(StorageAdapter store, StorePath folder, ListOptions options) {
        List<ObjectInfo> entries = new ArrayList<>();
        try (ListingCursor cursor = store.list(folder, options)) {
            for (List<ObjectInfo> page = cursor.nextPage(); !page.isEmpty(); page = cursor.nextPage()) {
                entries.addAll(page);
            }
        }
        return entries;
    }

    /** Puts into {@code bytes} what a source gives, up to its end or its failure. */
    static void draw(ReadableByteChannel source, ByteArrayOutputStream bytes) {
        ByteBuffer portion = ByteBuffer.allocate(8192);
        try {
            while (source.read(portion.clear()) >= 0) {
                bytes.write(portion.array(), 0, portion.position());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] drawn(ReadableByteChannel source) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        draw(source, bytes);
        return bytes.toByteArray();
    }
}
