package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.index.ChronicleIndex;
import io.tiercel.index.FramePlace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Stores that are closed while their JVM ends, each in a process of its own. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class StoreShutdownTest {
    private static final int KEYS = 20;

    @TempDir
    Path temp;

    /** Closes a store that had no turn, in a shutdown hook. */
    static final class ClosedBeforeItsFirstTurn {
        private ClosedBeforeItsFirstTurn() {}

        public static void main(String[] args) {
            StoreFixture fixture = unrecovered(Path.of(args[0]));
            Runtime.getRuntime().addShutdownHook(new Thread(fixture::close));
            System.exit(0);
        }
    }

    @Test
    void shouldLoseNothingWhenItEndsBeforeItsIndexIsMade() throws Exception {
        Path dir = temp.resolve("dir");
        Path killed = temp.resolve("killed");
        try (StoreFixture fixture = new StoreFixture(dir)) {
            for (int i = 0; i < KEYS; i++) {
                fixture.put("k" + i, "v" + i);
            }
            StoreFixture.killedCopy(dir, killed);
        }

        String log = logOf(ClosedBeforeItsFirstTurn.class, killed);

        assertThat(log).contains("stopped before its index was rebuilt").doesNotContain("ERROR", "Exception");
        try (StoreFixture fixture = new StoreFixture(killed)) {
            for (int i = 0; i < KEYS; i++) {
                assertThat(fixture.get("k" + i)).isEqualTo("v" + i);
            }
        }
    }

    @Test
    void shouldMakeItsFirstIndexThoughTheJvmEnds() throws Exception {
        Path dir = temp.resolve("dir");

        String log = logOf(ClosedBeforeItsFirstTurn.class, dir);

        assertThat(log).doesNotContain("ERROR", "WARN", "Exception");
        try (StoreFixture fixture = new StoreFixture(dir)) {
            assertThat(fixture.put("a", "one")).isTrue();
            assertThat(fixture.get("a")).isEqualTo("one");
        }
    }

    /** Makes a first index in a shutdown hook, in a JVM that had nothing to do with any before. */
    static final class MadeInAHook {
        private MadeInAHook() {}

        public static void main(String[] args) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try (ChronicleIndex index = ChronicleIndex.create(Path.of(args[0]), KEYS)) {
                    boolean isPut = index.put(1, new FramePlace().wrap(3, 4, 5, 6));
                    assert isPut;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
            System.exit(0);
        }
    }

    @Test
    void shouldMakeAnIndexThatIsTheFirstThingWhileTheJvmEnds() throws Exception {
        Path file = temp.resolve("index");

        String log = logOf(MadeInAHook.class, file);

        assertThat(log).doesNotContain("ERROR", "WARN", "Exception");
        try (ChronicleIndex index = ChronicleIndex.open(file, KEYS)) {
            assertThat(index.find(1, new FramePlace())).isTrue();
        }
    }

    private String logOf(Class<?> main, Path dir) throws IOException, InterruptedException {
        Path log = temp.resolve("log");
        Process child = ChildStore.startLogging(temp, log, main.getName(), dir.toString());
        try {
            assertThat(child.waitFor()).isZero();
        } finally {
            child.destroyForcibly();
        }
        return Files.readString(log);
    }

    private static StoreFixture unrecovered(Path dir) {
        return StoreFixture.unrecovered(
                new StoreContext().dir(dir).mappedCapacity(16 * StoreFixture.MIB).heapCapacity(0));
    }
}
