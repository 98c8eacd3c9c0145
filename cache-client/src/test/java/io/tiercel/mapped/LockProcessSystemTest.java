package io.tiercel.mapped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LockProcessSystemTest {
    @TempDir
    Path dir;

    /** A process that takes the lock, says so, and waits to be killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws Exception {
            System.out.println(LockFile.tryAcquire(Path.of(args[0])) != null ? "held" : "refused");
            System.in.read();
        }
    }

    @Test
    void shouldBeFreeExactlyWhenTheHolderIsDead() throws Exception {
        Path path = dir.resolve("readers.lock");
        Process holder = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), Holder.class.getName(), path.toString())).start();
        try (BufferedReader out = new BufferedReader(
                new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("held");

            assertThat(LockFile.isHeld(path)).isTrue();
            assertThat(LockFile.tryAcquire(path)).isNull();
            assertThat(LockFile.isHeld(path)).as("asking did not free it").isTrue();
        } finally {
            holder.destroyForcibly().waitFor();
        }

        await().untilAsserted(() -> assertThat(LockFile.isHeld(path)).isFalse());
    }
}
