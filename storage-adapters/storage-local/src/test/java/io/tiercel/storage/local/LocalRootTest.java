package io.tiercel.storage.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.StorePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalRootTest {
    @TempDir
    Path directory;

    private LocalRoot root;

    @BeforeEach
    void openRoot() {
        root = new LocalRoot(directory, new LocalErrors("file://test"));
    }

    @Test
    void shouldTellAPathUnderAFile() throws IOException {
        Files.createFile(directory.resolve("file"));
        Files.createDirectory(directory.resolve("folder"));

        assertThat(root.isUnderFile(StorePath.of("file/a"))).isTrue();
        assertThat(root.isUnderFile(StorePath.of("file/a/b/c"))).isTrue();
        assertThat(root.isUnderFile(StorePath.of("folder/a"))).isFalse();
        assertThat(root.isUnderFile(StorePath.of("missing/a/b"))).isFalse();
    }

    @Test
    void shouldNotTakeAFolderThatIsBeingMadeForAFile() throws Exception {
        Path folder = directory.resolve("folder");
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> maker = CompletableFuture.runAsync(() -> makeAndRemove(folder, done));

        try {
            for (int i = 0; i < 20_000; i++) {
                assertThat(root.isUnderFile(StorePath.of("folder/file"))).isFalse();
            }
        } finally {
            done.set(true);
            maker.join();
        }
    }

    private static void makeAndRemove(Path folder, AtomicBoolean done) {
        try {
            while (!done.get()) {
                Files.createDirectory(folder);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
