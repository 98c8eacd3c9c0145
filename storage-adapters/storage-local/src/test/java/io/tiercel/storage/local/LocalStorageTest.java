package io.tiercel.storage.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What files have that other stores do not: links, other programs, times, special files. */
class LocalStorageTest {
    @TempDir
    Path temp;

    private Path directory;
    private Path outside;
    private LocalStorage store;

    @BeforeEach
    void openStore() throws IOException {
        directory = Files.createDirectory(temp.resolve("store"));
        outside = Files.createDirectory(temp.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        store = LocalStorage.open(directory);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void shouldKnowOpenFilesByTheirDescriptors() {
        assertThat(DescriptorPath.isAvailable()).as("sun.nio.ch is exported to tests").isTrue();
    }

    @Test
    void shouldMakeTheEtagOfSizeTimesAndInode() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "12345");
        FileStamp stamp = FileStamp.of(file);

        assertThat(store.info(StorePath.of("file")).etag()).isEqualTo(String.format("\"5-%x-%x-%x\"",
                stamp.modifiedNs(), stamp.changedNs(), (Long) Files.getAttribute(file, "unix:ino")));
    }

    @Test
    void shouldNoticeARewriteThatRestoresSizeAndModificationTime() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "one");
        FileTime modified = Files.getLastModifiedTime(file);
        String before = store.info(StorePath.of("file")).etag();

        awaitNextTick();
        Files.writeString(file, "two");
        Files.setLastModifiedTime(file, modified);

        assertThat(Files.getLastModifiedTime(file)).isEqualTo(modified);
        assertThat(store.info(StorePath.of("file")).etag()).isNotEqualTo(before);
    }

    @Test
    void shouldCallAFreshFileRacilyCleanAndNoOldOne() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "one");
        FileStamp fresh = FileStamp.of(file);
        long hourNs = 3_600_000_000_000L;
        FileStamp old = new FileStamp(fresh.mode(), 3, fresh.modifiedNs() - hourNs, fresh.changedNs() - hourNs, 1, 1);
        FileStamp onlyContentOld = new FileStamp(fresh.mode(), 3, fresh.modifiedNs() - hourNs, fresh.changedNs(), 1, 1);

        assertThat(store.info(StorePath.of("file")).isRacilyClean()).isTrue();
        assertThat(onlyContentOld.info(StorePath.of("file")).isRacilyClean()).isTrue();
        assertThat(old.info(StorePath.of("file")).isRacilyClean()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFailAReadOfAFileThatIsWrittenInPlace(boolean byDescriptor) throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[100_000]);
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));

        for (String change : List.of("overwrite", "append", "truncate")) {
            try (LocalStorage other = LocalStorage.open(directory, byDescriptor);
                    ObjectRead read = other.open(StorePath.of("file"))) {
                read.read(ByteBuffer.allocate(1000));
                change(file, change);
                assertKind(Kind.UNAVAILABLE, () -> drain(read)).withMessageContaining("while it was read");
            }
            Files.write(file, new byte[100_000]);
            Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldReadAReplacedOrRemovedFileToItsEnd(boolean byDescriptor) throws IOException {
        for (String fate : List.of("replaced", "removed")) {
            Files.write(directory.resolve("file"), new byte[100_000]);
            try (LocalStorage other = LocalStorage.open(directory, byDescriptor);
                    ObjectRead read = other.open(StorePath.of("file"))) {
                read.read(ByteBuffer.allocate(1000));
                if (fate.equals("replaced")) {
                    store.write(StorePath.of("file"), ByteBuffer.allocate(7), WriteOptions.REPLACE);
                } else {
                    store.delete(StorePath.of("file"), false);
                }
                assertThat(drain(read)).as(fate).isEqualTo(99_000);
            }
        }
    }

    @Test
    void shouldFollowLinksThatStayInside() throws IOException {
        Files.writeString(Files.createDirectory(directory.resolve("real")).resolve("file"), "bytes");
        Files.createSymbolicLink(directory.resolve("link"), Path.of("real"));
        Files.createSymbolicLink(directory.resolve("alias"), Path.of("real/file"));

        assertThat(store.info(StorePath.of("link/file")).length()).isEqualTo(5);
        assertThat(store.info(StorePath.of("alias")).length()).isEqualTo(5);
        assertThat(names(ListOptions.RECURSIVE)).containsExactlyInAnyOrder("alias", "link", "real", "real/file");
    }

    @Test
    void shouldRefuseLinksThatLeadOut() throws IOException {
        Files.createSymbolicLink(directory.resolve("file"), outside.resolve("secret"));
        Files.createSymbolicLink(directory.resolve("folder"), outside);
        Files.createSymbolicLink(directory.resolve("up"), Path.of("..", "outside"));

        for (String path : List.of("file", "folder/secret", "up/secret")) {
            StorePath at = StorePath.of(path);
            assertKind(Kind.INVALID_PATH, () -> store.open(at));
            assertKind(Kind.INVALID_PATH, () -> store.info(at)).withMessageContaining("out of the store");
            assertKind(Kind.INVALID_PATH, () -> store.write(at, ByteBuffer.allocate(1), WriteOptions.REPLACE));
            assertKind(Kind.INVALID_PATH, () -> store.delete(at, true));
        }
        assertKind(Kind.INVALID_PATH,
                () -> store.write(StorePath.of("folder/new"), ByteBuffer.allocate(1), WriteOptions.CREATE));
        assertKind(Kind.INVALID_PATH, () -> store.deleteRecursively(StorePath.of("folder")));
        assertKind(Kind.INVALID_PATH, () -> firstPage("folder"));
        assertThat(names(ListOptions.RECURSIVE)).isEmpty();
        assertThat(outside).isDirectoryContaining("glob:**/secret");
    }

    @Test
    void shouldEndWhereLinksGoInCirclesOrNowhere() throws IOException {
        Files.createSymbolicLink(directory.resolve("self"), Path.of("self"));
        Files.createSymbolicLink(directory.resolve("gone"), Path.of("missing"));
        Files.createSymbolicLink(directory.resolve("top"), Path.of("."));

        assertKind(Kind.INVALID_PATH, () -> store.info(StorePath.of("self")));
        assertKind(Kind.NOT_FOUND, () -> store.info(StorePath.of("gone")));
        assertThat(names(ListOptions.RECURSIVE)).containsExactly("top");
    }

    @Test
    void shouldRemoveLinksAndNotWhatTheyLeadTo() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("folder"));
        Files.createSymbolicLink(folder.resolve("out"), outside);
        Files.createSymbolicLink(folder.resolve("file"), outside.resolve("secret"));
        Files.writeString(folder.resolve("own"), "x");
        Files.writeString(folder.resolve("back\\slash"), "x");

        assertThat(store.deleteRecursively(StorePath.of("folder"))).isEqualTo(4);

        assertThat(folder).doesNotExist();
        assertThat(outside.resolve("secret")).hasContent("secret");
    }

    @Test
    void shouldReplaceALinkAndNotWhatItLeadsTo() throws IOException {
        Files.writeString(directory.resolve("target"), "target");
        Files.createSymbolicLink(directory.resolve("link"), Path.of("target"));

        store.write(StorePath.of("link"), ByteBuffer.wrap(new byte[]{'x'}), WriteOptions.REPLACE);

        assertThat(directory.resolve("target")).hasContent("target");
        assertThat(directory.resolve("link")).hasContent("x").isRegularFile();
    }

    @Test
    void shouldRefuseSpecialFilesWithoutWaitingForThem() throws Exception {
        Process mkfifo = new ProcessBuilder("mkfifo", directory.resolve("pipe").toString()).start();
        assertThat(mkfifo.waitFor()).isZero();

        assertKind(Kind.INVALID_PATH, () -> store.open(StorePath.of("pipe")));
        assertKind(Kind.INVALID_PATH, () -> store.info(StorePath.of("pipe")));
        assertKind(Kind.INVALID_PATH, () -> store.delete(StorePath.of("pipe"), true));
        assertThat(names(ListOptions.RECURSIVE)).isEmpty();
    }

    @Test
    void shouldHideItsOwnFolderFromEverybody() throws IOException {
        Path hidden = Files.createDirectory(directory.resolve(LocalRoot.HIDDEN));
        Files.writeString(hidden.resolve("part"), "x");
        Files.createSymbolicLink(directory.resolve("link"), Path.of(LocalRoot.HIDDEN));
        Files.writeString(Files.createDirectories(directory.resolve("deeper").resolve(LocalRoot.HIDDEN)).resolve("x"),
                "x");

        for (String path : List.of(LocalRoot.HIDDEN, LocalRoot.HIDDEN + "/part", "link/part")) {
            StorePath at = StorePath.of(path);
            assertKind(Kind.INVALID_PATH, () -> store.info(at));
            assertKind(Kind.INVALID_PATH, () -> store.deleteRecursively(at));
            assertKind(Kind.INVALID_PATH, () -> store.write(at, ByteBuffer.allocate(1), WriteOptions.REPLACE));
        }
        assertKind(Kind.INVALID_PATH, () -> firstPage(LocalRoot.HIDDEN));
        assertThat(names(ListOptions.RECURSIVE)).containsExactlyInAnyOrder("deeper", "deeper/" + LocalRoot.HIDDEN,
                "deeper/" + LocalRoot.HIDDEN + "/x");
    }

    @Test
    void shouldLeaveOutNamesThatNoPathSpells() throws IOException {
        Files.writeString(directory.resolve("back\\slash"), "x");
        Files.writeString(directory.resolve("plain"), "x");
        Process shell = new ProcessBuilder("sh", "-c", "printf x > \"$(printf 'bad\\377name')\"")
                .directory(directory.toFile()).start();

        assertThat(names(ListOptions.RECURSIVE)).contains("plain").doesNotContain("back\\slash", "back/slash");
        assertThat(shell.onExit().join().exitValue()).isZero();
        assertThat(names(ListOptions.RECURSIVE)).containsExactly("plain");
    }

    @Test
    void shouldRefuseNamesThatTheFileSystemDoesNotTake() {
        assertKind(Kind.INVALID_PATH, () -> store.info(StorePath.of("n".repeat(256))));
        assertKind(Kind.INVALID_PATH, () -> store.open(StorePath.of("folder/" + "n/".repeat(3000) + "x")));
        assertKind(Kind.INVALID_PATH, () -> store.write(StorePath.of("a/" + "n".repeat(256)),
                ByteBuffer.allocate(1), WriteOptions.CREATE));
        assertThat(names(ListOptions.RECURSIVE)).isEmpty();
    }

    @Test
    void shouldLeaveNoTraceInTheDirectoryOnceClosed() {
        store.write(StorePath.of("file"), ByteBuffer.allocate(1), WriteOptions.CREATE);
        assertThat(directory.resolve(LocalRoot.HIDDEN)).isEmptyDirectory();

        store.close();

        assertThat(directory).isDirectoryNotContaining("glob:**/" + LocalRoot.HIDDEN);
    }

    private static void change(Path file, String how) throws IOException {
        awaitNextTick();
        switch (how) {
            case "overwrite" -> Files.write(file, new byte[]{1}, StandardOpenOption.WRITE);
            case "append" -> Files.write(file, new byte[]{1}, StandardOpenOption.APPEND);
            default -> Files.write(file, new byte[10]);
        }
    }

    /** The file system's clock may tick only every few milliseconds. */
    private static void awaitNextTick() throws IOException {
        Path probe = Files.createTempFile("tick", "");
        FileStamp first = FileStamp.of(probe);
        do {
            Files.write(probe, new byte[1]);
        } while (FileStamp.of(probe).changedNs() - first.changedNs() < 10_000_000);
        Files.delete(probe);
    }

    private List<String> names(ListOptions options) {
        List<String> names = new ArrayList<>();
        try (ListingCursor cursor = store.list(StorePath.ROOT, options)) {
            for (List<ObjectInfo> page = cursor.nextPage(); !page.isEmpty(); page = cursor.nextPage()) {
                page.forEach(info -> names.add(info.path().toString()));
            }
        }
        return names;
    }

    private void firstPage(String folder) {
        try (ListingCursor cursor = store.list(StorePath.of(folder), ListOptions.DIRECT)) {
            cursor.nextPage();
        }
    }

    private static long drain(ObjectRead read) {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        long length = 0;
        for (int count = 0; count >= 0; count = read.read(buffer.clear())) {
            length += count;
        }
        return length;
    }

    private static ThrowableAssertAlternative<StorageException> assertKind(Kind kind,
            ThrowingCallable call) {
        return assertThatExceptionOfType(StorageException.class).isThrownBy(call)
                .satisfies(e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
    }

    @Test
    void shouldTakeAFileThatLosesItsNameForUnchanged() {
        FileStamp named = new FileStamp(0x8000, 3, 10, 20, 7, 1);
        FileStamp nameless = new FileStamp(0x8000, 3, 10, 20, 7, 0);
        FileStamp later = new FileStamp(0x8000, 3, 10, 30, 7, 0);

        assertThat(later.hasBytesOf(named)).as("replaced").isTrue();
        assertThat(later.hasBytesOf(nameless)).as("replaced, and looked at in the midst of it").isTrue();
        assertThat(new FileStamp(0x8000, 3, 10, 30, 7, 1).hasBytesOf(named)).as("rewritten").isFalse();
        assertThat(new FileStamp(0x8000, 3, 11, 30, 7, 0).hasBytesOf(named)).as("written to").isFalse();
    }
}
