package io.tiercel.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpaceTest {
    @TempDir
    Path dir;

    @Test
    void shouldPutBlocksBehindAllBytes() throws IOException {
        Path file = dir.resolve("file");

        DiskSpace.reserve(file, 1 << 20);

        assertThat(Files.size(file)).isEqualTo(1 << 20);
        assertThat((int) Files.getAttribute(file, "unix:nlink")).isEqualTo(1);
        assertThat(blocksOf(file)).isGreaterThanOrEqualTo((1 << 20) / 512);
    }

    @Test
    void shouldKeepWhatIsThere() throws IOException {
        Path file = dir.resolve("file");
        Files.writeString(file, "kept");

        DiskSpace.reserve(file, 8192);

        assertThat(Files.size(file)).isEqualTo(8192);
        assertThat(Files.readAllBytes(file)).startsWith("kept".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldRefuseMoreThanTheDiskHas() {
        Path file = dir.resolve("file");

        assertThatThrownBy(() -> DiskSpace.reserve(file, 1L << 55)).isInstanceOf(NoSpaceException.class)
                .hasMessageContaining("length=" + (1L << 55)).hasMessageContaining(file.toString());
    }

    @Test
    void shouldSayWhyAFileCannotBeOpened() {
        assertThatThrownBy(() -> DiskSpace.reserve(dir.resolve("no/such/folder"), 1)).isInstanceOf(IOException.class)
                .hasMessageContaining("errno=2");
    }

    private static long blocksOf(Path file) throws IOException {
        Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        return Long.parseLong(new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
    }
}
