package io.tiercel.storage.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.StorePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalStorageProviderTest {
    private final StorageProviders providers = StorageProviders.load();

    @TempDir
    Path directory;

    @Test
    void shouldOpenADirectoryByItsUri() throws IOException {
        Path target = Files.createDirectory(directory.resolve("with blank"));
        Files.writeString(target.resolve("file"), "12345");

        try (StorageAdapter store = providers.open("file://" + directory + "/with%20blank")) {
            assertThat(store.info(StorePath.of("file")).length()).isEqualTo(5);
            assertThat(store.name()).isEqualTo("file://" + target);
        }
    }

    @Test
    void shouldBeFoundBesideTheStoreInMemory() {
        assertThat(providers.schemes()).containsExactly("file", "memory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:dir", "file:./dir", "file://dir", "file://host/dir", "file:", "file:///tmp?x=1",
        "file:///tmp#ttl=1m", "file:///tmp/%00"})
    void shouldRefuseWhatIsNoAbsoluteDirectory(String uri) {
        assertThatIllegalArgumentException().isThrownBy(() -> providers.open(uri)).withMessageContaining("store=file:");
    }

    @Test
    void shouldSayThatTheDirectoryIsMissing() {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> providers.open("file://" + directory + "/missing"))
                .withMessage("not found: the directory is missing, store=file://" + directory + "/missing");
    }

    @Test
    void shouldSayThatTheDirectoryIsAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");

        assertThatExceptionOfType(StorageException.class).isThrownBy(() -> providers.open("file://" + file))
                .withMessageContaining("this is no directory")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
    }
}
