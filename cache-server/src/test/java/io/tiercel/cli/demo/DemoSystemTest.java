package io.tiercel.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class DemoSystemTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PrintStream progress = new PrintStream(OutputStream.nullOutputStream(), true,
            StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @Test
    void shouldHoldForFilesOfAllSortsAndLeaveNothingBehind() throws Exception {
        Files.createDirectories(folder.resolve("a b/c%d"));
        ArrowSamples.write(folder.resolve("a b/c%d/x.arrow"), 1, List.of(1_000, 5));
        ArrowSamples.write(folder.resolve("y.arrows"), 2, List.of(10));
        Files.writeString(folder.resolve("no arrow;?#"), "any bytes");
        Files.createFile(folder.resolve("empty"));
        List<Long> before = childPids();

        boolean isHeld = Demo.run(folder, true, false, out, progress);

        assertThat(isHeld).as(out.toString(StandardCharsets.UTF_8)).isTrue();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("4 files", "by SHA-256", "2 files, 1015 rows",
                "{CORRUPT=2}", "mapped", "streamed over IPC", "streamed over UDP", "HTTP");
        assertThat(childPids()).isEqualTo(before);
    }

    @Test
    void shouldRefuseFolderWithoutFiles() {
        assertThatThrownBy(() -> Demo.run(folder, true, false, out, progress))
                .isInstanceOfSatisfying(TiercelException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageEndingWith("there are no files in it");
    }

    @Test
    void shouldRefuseFolderThatIsNotThere() throws IOException {
        Path none = folder.resolve("none");

        assertThatThrownBy(() -> Demo.run(none, true, false, out, progress)).isInstanceOf(TiercelException.class)
                .hasMessage("--files " + none + ": no readable folder");
    }

    private static List<Long> childPids() {
        return ProcessHandle.current().children().filter(ProcessHandle::isAlive).map(ProcessHandle::pid).sorted()
                .toList();
    }
}
