package io.tiercel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
    @TempDir
    Path folder;

    @Test
    void shouldReplaceFileAsWhole() throws IOException {
        Path file = Files.writeString(folder.resolve("out"), "old");

        OutputFile.write(file, out -> out.write("new bytes".getBytes(StandardCharsets.UTF_8)));

        assertThat(file).hasContent("new bytes");
        assertThat(entries()).containsExactly(file);
    }

    @Test
    void shouldLeaveNothingBehindWhenItFails() throws IOException {
        Path target = Files.createDirectory(folder.resolve("out"));

        assertThatThrownBy(() -> OutputFile.write(target, out -> out.write(1)))
                .isInstanceOf(FileSystemException.class).hasMessage(target + ": is a folder");
        assertThat(entries()).containsExactly(target);
    }

    @Test
    void shouldLeaveTheOldFileWhereItsBytesFailMidway() throws IOException {
        Path file = Files.writeString(folder.resolve("out"), "old");

        assertThatThrownBy(() -> OutputFile.write(file, out -> {
            out.write(1);
            throw new IOException("midway");
        })).hasMessage("midway");
        assertThat(file).hasContent("old");
        assertThat(entries()).containsExactly(file);
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }
}
