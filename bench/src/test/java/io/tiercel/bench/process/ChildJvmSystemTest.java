package io.tiercel.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ChildJvmSystemTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @Test
    void shouldEndTheChildAndDeleteItsFolders() throws IOException {
        ChildJvm child = ChildJvm.start(IdleChild.class);
        Files.writeString(Files.createDirectory(child.folders().disk().resolve("a")).resolve("b"), "c");
        assertThat(isAlive(child.pid())).isTrue();

        child.close();
        child.close();

        assertThat(isAlive(child.pid())).isFalse();
        assertThat(child.folders().disk()).doesNotExist();
        assertThat(child.folders().memory()).doesNotExist();
    }

    @Test
    void shouldCleanUpAfterAChildThatWasKilled() {
        ChildJvm child = ChildJvm.start(IdleChild.class);
        ProcessHandle.of(child.pid()).orElseThrow().destroyForcibly();

        child.close();

        assertThat(isAlive(child.pid())).isFalse();
        assertThat(child.folders().disk()).doesNotExist();
        assertThat(child.folders().memory()).doesNotExist();
    }

    @Test
    void shouldLeaveNothingOfAChildThatDoesNotOpen(@TempDir Path folder) throws IOException {
        Path report = folder.resolve("report");

        assertThatThrownBy(() -> ChildJvm.start(BrokenChild.class, report.toString()))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining(
                        "BrokenChild ended before it was ready");

        assertThat(Files.readAllLines(report)).hasSize(2).noneMatch(left -> Files.exists(Path.of(left)));
    }

    @Test
    void shouldEndWithAParentThatIsGone(@TempDir Path folder) throws Exception {
        Path report = folder.resolve("report");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process parent = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"),
                CarelessParent.class.getName(), report.toString()).redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(parent.waitFor()).isZero();

        List<String> child = Files.readAllLines(report);
        await().atMost(DEADLINE).until(() -> !isAlive(Long.parseLong(child.get(0))));
        assertThat(Path.of(child.get(1))).doesNotExist();
        assertThat(Path.of(child.get(2))).doesNotExist();
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}
