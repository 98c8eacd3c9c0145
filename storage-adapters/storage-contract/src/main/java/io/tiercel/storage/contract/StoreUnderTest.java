package io.tiercel.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the topics of the contract share: the store, empty at the start of each test, and short ways to use it. */
interface StoreUnderTest {
    StorageAdapter store();

    /** Another adapter on the same store, as another process would have it; closed by the test. Here: there is none. */
    default StorageAdapter openAnother() {
        return store();
    }

    /** Whether a folder is a thing of its own, which stays when its last entry goes, and not a part of names alone. */
    boolean keepsEmptyFolders();

    /** Skips the test where folders are parts of names: there a file and a folder may have one path. */
    default void needsFolders() {
        assumeTrue(keepsEmptyFolders(), "folders are only parts of names");
    }

    /** Puts an object there, also where the adapter under test cannot write. */
    default void seed(String path, byte[] bytes) {
        store().write(at(path), ByteBuffer.wrap(bytes), WriteOptions.REPLACE);
    }

    default void seed(String path, String text) {
        seed(path, utf8(text));
    }

    /** Skips the test where the store lacks something. */
    default void needs(Capability... capabilities) {
        for (Capability capability : capabilities) {
            assumeTrue(store().capabilities().contains(capability), () -> "the store has no " + capability);
        }
    }

    default void write(String path, String text) {
        store().write(at(path), ByteBuffer.wrap(utf8(text)), WriteOptions.REPLACE);
    }

    default byte[] readBytes(String path) {
        try (ObjectRead read = store().open(at(path))) {
            return readRest(read);
        }
    }

    default String readText(String path) {
        return new String(readBytes(path), StandardCharsets.UTF_8);
    }

    default ObjectInfo info(String path) {
        return store().info(at(path));
    }

    default List<ObjectInfo> list(String folder, ListOptions options) {
        List<ObjectInfo> entries = new ArrayList<>();
        try (ListingCursor cursor = store().list(at(folder), options)) {
            for (List<ObjectInfo> page = cursor.nextPage(); !page.isEmpty(); page = cursor.nextPage()) {
                entries.addAll(page);
            }
        }
        return entries;
    }

    /** Files as their paths, folders with a slash behind, sorted. */
    default List<String> names(String folder, ListOptions options) {
        return list(folder, options).stream().map(StoreUnderTest::nameOf).sorted().toList();
    }

    /** The files alone. */
    default List<String> files(String folder) {
        return names(folder, ListOptions.RECURSIVE).stream().filter(name -> !name.endsWith("/")).toList();
    }

    default StorageException assertFails(Kind kind, ThrowingCallable call) {
        StorageException failure = catchThrowableOfType(StorageException.class, call);
        assertThat(failure).as("failure of kind %s", kind).isNotNull();
        assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
        return failure;
    }

    static String nameOf(ObjectInfo info) {
        return info.isFolder() ? info.path() + "/" : info.path().toString();
    }

    static byte[] readRest(ObjectRead read) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        while (read.read(buffer) >= 0) {
            bytes.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return bytes.toByteArray();
    }

    static StorePath at(String path) {
        return StorePath.of(path);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Bytes that differ from place to place and from seed to seed. */
    static byte[] pattern(int length, int seed) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ((i * 31) ^ (i >>> 8) ^ seed);
        }
        return bytes;
    }
}
