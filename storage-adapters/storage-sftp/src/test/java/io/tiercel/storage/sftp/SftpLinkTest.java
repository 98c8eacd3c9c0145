package io.tiercel.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What lies in a directory that others made: links, leftovers, servers with fewer abilities. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SftpLinkTest {
    @TempDir
    Path folder;

    @TempDir
    Path keys;

    private final StorageProviders providers = StorageProviders.load();
    private Path directory;
    private SftpServer server;

    @BeforeEach
    void startServer() throws Exception {
        server = MinaServer.start(keys);
        directory = Files.createDirectory(folder.resolve("store"));
    }

    @AfterEach
    void stopServer() throws IOException {
        providers.close();
        server.close();
    }

    private StorageAdapter open() {
        return providers.open(server.uri(directory));
    }

    private static void assertFails(Kind kind, ThrowingCallable call) {
        StorageException failure = catchThrowableOfType(StorageException.class, call);
        assertThat(failure).isNotNull();
        assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
    }

    private static StorePath at(String path) {
        return StorePath.of(path);
    }

    @Test
    void shouldFollowLinksInsideAndNoneThatLeadOut() throws IOException {
        Files.writeString(folder.resolve("outside"), "secret");
        Files.createDirectory(directory.resolve("inside"));
        Files.writeString(directory.resolve("inside/file"), "12345");
        Files.createSymbolicLink(directory.resolve("good"), Path.of("inside/file"));
        Files.createSymbolicLink(directory.resolve("folder"), directory.resolve("inside"));
        Files.createSymbolicLink(directory.resolve("bad"), Path.of("../outside"));
        Files.createSymbolicLink(directory.resolve("up"), Path.of(".."));
        Files.createSymbolicLink(directory.resolve("circle"), Path.of("circle"));
        Files.createSymbolicLink(directory.resolve("nowhere"), Path.of("gone"));

        try (StorageAdapter store = open()) {
            assertThat(store.info(at("good")).length()).isEqualTo(5);
            assertThat(store.info(at("folder/file")).length()).isEqualTo(5);
            store.open(at("folder/file")).close();
            assertFails(Kind.INVALID_PATH, () -> store.open(at("bad")));
            assertFails(Kind.INVALID_PATH, () -> store.info(at("up/outside")));
            assertFails(Kind.INVALID_PATH,
                    () -> store.write(at("up/new"), ByteBuffer.allocate(1), WriteOptions.REPLACE));
            assertFails(Kind.INVALID_PATH, () -> store.info(at("circle")));
            assertFails(Kind.NOT_FOUND, () -> store.info(at("nowhere")));
            assertFails(Kind.INVALID_PATH, () -> store.info(at(SftpRoot.HIDDEN + "/x")));

            store.write(at("folder/new"), ByteBuffer.allocate(3), WriteOptions.CREATE);
            store.delete(at("good"), false);

            assertThat(directory.resolve("inside/new")).hasSize(3);
            assertThat(directory.resolve("inside/file")).exists();
            assertThat(names(store)).containsExactly("folder", "inside", "inside/file", "inside/new");
        }
    }

    private static List<String> names(StorageAdapter store) {
        try (ListingCursor cursor = store.list(StorePath.ROOT, ListOptions.RECURSIVE)) {
            return cursor.nextPage().stream().map(ObjectInfo::path).map(StorePath::toString).sorted().toList();
        }
    }

    @Test
    void shouldRemoveWhatDeadWritersLeftAndNothingElse() throws IOException {
        Path writing = Files.createDirectory(directory.resolve(SftpRoot.HIDDEN));
        Path dead = Files.writeString(writing.resolve("dead"), "x");
        Path alive = Files.writeString(writing.resolve("alive"), "x");
        Files.setLastModifiedTime(dead, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
        Files.setLastModifiedTime(alive, FileTime.from(Instant.now().minus(Duration.ofHours(23))));

        try (StorageAdapter store = open()) {
            store.write(at("file"), ByteBuffer.allocate(1), WriteOptions.CREATE);
            store.info(at("file"));

            Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(dead).doesNotExist());
            assertThat(alive).exists();
            assertThat(names(store)).containsExactly("file");
        }
    }

    @Test
    void shouldCreateButNotReplaceOnAServerWithoutExtensions() throws Exception {
        server.close();
        server = MinaServer.start(keys, 0, TestKeys.make(), "fsync@openssh.com=1");
        try (StorageAdapter store = open()) {
            store.write(at("file"), ByteBuffer.allocate(1), WriteOptions.CREATE);

            assertFails(Kind.ALREADY_EXISTS,
                    () -> store.write(at("file"), ByteBuffer.allocate(2), WriteOptions.CREATE));
            assertFails(Kind.CAPABILITY_NOT_SUPPORTED,
                    () -> store.write(at("file"), ByteBuffer.allocate(2), WriteOptions.REPLACE));
            store.move(at("file"), at("other"), false);

            assertThat(names(store)).containsExactly("other");
            assertThat(store.info(at("other")).length()).isEqualTo(1);
        }
    }
}
