package io.tiercel.storage.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a real file system does to a store: it fills up, refuses, loses its directory, keeps what a dead process left. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class LocalFaultSystemTest {
    private static final StorePath FILE = StorePath.of("a/file");

    @TempDir
    Path directory;

    @Test
    void shouldRefuseAWriteToAFullDiskAndLeaveNothing() throws Exception {
        Path mount = Files.createDirectory(directory.resolve("mount"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mount.toString()) == 0,
                "mounting a small file system takes root");
        try (LocalStorage store = LocalStorage.open(mount)) {
            store.write(FILE, ByteBuffer.wrap(new byte[]{'o', 'l', 'd'}), WriteOptions.CREATE);

            assertThatExceptionOfType(StorageException.class)
                    .isThrownBy(() -> store.write(FILE, ByteBuffer.allocate(2 << 20), WriteOptions.REPLACE))
                    .withMessageContaining("No space left").satisfies(e -> assertThat(e.kind()).isEqualTo(
                            Kind.UNAVAILABLE));

            assertThat(mount.resolve("a/file")).hasContent("old");
            assertThat(mount.resolve(LocalRoot.HIDDEN)).isEmptyDirectory();
            store.write(FILE, ByteBuffer.allocate(500_000), WriteOptions.REPLACE);
        } finally {
            assertThat(run("umount", mount.toString())).isZero();
        }
    }

    @Test
    void shouldRefuseAPathOnAnotherFileSystemRatherThanCopy() throws Exception {
        Path mount = Files.createDirectory(directory.resolve("mount"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", mount.toString()) == 0,
                "mounting a small file system takes root");
        try (LocalStorage store = LocalStorage.open(directory)) {
            for (WriteOptions options : List.of(WriteOptions.REPLACE, WriteOptions.CREATE)) {
                assertKind(store, Kind.CAPABILITY_NOT_SUPPORTED,
                        () -> store.write(StorePath.of("mount/file"), ByteBuffer.allocate(1), options));
            }

            assertThat(mount).isEmptyDirectory();
        } finally {
            assertThat(run("umount", mount.toString())).isZero();
        }
    }

    @Test
    void shouldSayThatPermissionIsDenied() throws Exception {
        Path locked = Files.createDirectory(directory.resolve("locked"));
        Files.writeString(locked.resolve("file"), "x");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));

        try {
            List<String> lines = asNobody(directory.toString());
            assertThat(lines).containsExactly("open PERMISSION_DENIED", "info PERMISSION_DENIED",
                    "write PERMISSION_DENIED", "delete PERMISSION_DENIED", "deleteRecursively PERMISSION_DENIED",
                    "list PERMISSION_DENIED", "mount PERMISSION_DENIED");
            assertThat(locked).isNotEmptyDirectory();
        } finally {
            Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void shouldGoOnWithWhatTookTheDirectorysPlace() throws IOException {
        Path root = Files.createDirectory(directory.resolve("root"));
        try (LocalStorage store = LocalStorage.open(root)) {
            store.write(FILE, ByteBuffer.allocate(1), WriteOptions.CREATE);
            assertThat(store.deleteRecursively(StorePath.of("a"))).isEqualTo(1);
            Files.writeString(root.resolve("a"), "now a file");

            assertKind(store, Kind.NOT_FOUND, () -> store.open(FILE));
            assertKind(store, Kind.INVALID_PATH,
                    () -> store.write(FILE, ByteBuffer.allocate(1), WriteOptions.REPLACE));
            assertThat(store.info(StorePath.of("a")).length()).isEqualTo(10);
        }
    }

    @Test
    void shouldMissEverythingAndFailItsPingWhenTheDirectoryIsGone() throws IOException {
        Path root = Files.createDirectory(directory.resolve("root"));
        try (LocalStorage store = LocalStorage.open(root)) {
            Files.delete(root);
            for (boolean isFile : new boolean[]{false, true}) {
                if (isFile) {
                    Files.writeString(root, "a file in its place");
                }
                assertKind(store, Kind.NOT_FOUND, store::ping);
                assertKind(store, Kind.NOT_FOUND, () -> store.open(FILE));
                store.delete(FILE, true);
                assertThat(store.deleteRecursively(StorePath.of("a"))).isZero();
                assertKind(store, isFile ? Kind.INVALID_PATH : Kind.UNAVAILABLE,
                        () -> store.write(FILE, ByteBuffer.allocate(1), WriteOptions.CREATE));
            }
            assertThat(root).hasContent("a file in its place");
        }
    }

    @Test
    void shouldListAGoneDirectoryAsEmpty() throws IOException {
        Path root = Files.createDirectory(directory.resolve("root"));
        try (LocalStorage store = LocalStorage.open(root);
                ListingCursor cursor = store.list(StorePath.ROOT, ListOptions.DIRECT)) {
            Files.delete(root);

            assertThat(cursor.nextPage()).isEmpty();
        }
    }

    @Test
    void shouldRemoveWhatADeadWriterLeftAndNothingOfALiveOne() throws Exception {
        Path hidden = directory.resolve(LocalRoot.HIDDEN);
        WritingFolder folder = new WritingFolder(hidden);
        long laterMs = System.currentTimeMillis() + TimeUnit.HOURS.toMillis(1);
        try (UnfinishedFile own = folder.create()) {
            Files.writeString(hidden.resolve("dead"), "left by a process that was killed");
            folder.sweep(System.currentTimeMillis());
            assertThat(hidden.resolve("dead")).as("may still be about to be locked").exists();

            folder.sweep(laterMs);
            assertThat(hidden.resolve("dead")).doesNotExist();
            assertThat(own.stamp().length()).isZero();

            Process other = java(LocalFaultProbe.class, List.of(), "hold", hidden.resolve("live").toString());
            try {
                assertThat(other.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("held");
                folder.sweep(laterMs);
                assertThat(hidden.resolve("live")).exists();
            } finally {
                other.destroyForcibly().waitFor();
            }
            folder.sweep(laterMs);
            assertThat(hidden.resolve("live")).doesNotExist();
        }
        assertThat(hidden).isEmptyDirectory();
    }

    private static List<String> asNobody(String... arguments) throws Exception {
        List<String> prefix = new ArrayList<>();
        if (run("sh", "-c", "test $(id -u) = 0") == 0) {
            assumeTrue(run("sh", "-c", "command -v setpriv") == 0, "root needs setpriv to become somebody else");
            prefix.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        }
        Process process = java(LocalFaultProbe.class, prefix, arguments);
        List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
        assertThat(process.waitFor()).as("%s", lines).isZero();
        return lines;
    }

    private static Process java(Class<?> main, List<String> prefix, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp", System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(new File("/dev/null"))).start().waitFor();
    }

    private static void assertKind(LocalStorage store, Kind kind,
            ThrowingCallable call) {
        assertThatExceptionOfType(StorageException.class).isThrownBy(call)
                .withMessageContaining(store.name())
                .satisfies(e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
    }
}
