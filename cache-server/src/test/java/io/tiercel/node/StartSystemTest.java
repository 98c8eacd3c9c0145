package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tiercel.Key;
import io.tiercel.client.Frame;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node as people start it: the launcher, jars, and the archive of classes that the build makes. The full form kills
 * one with a million frames in 10 GB. How long a start takes is printed and not asserted.
 */
@Timeout(1800)
class StartSystemTest {
    private static final boolean FULL = Boolean.getBoolean("tiercel.full");
    private static final int FRAMES = FULL ? 1_000_000 : 1000;
    private static final int LENGTH = FULL ? 10_000 : 100;
    private static final int STARTS_WITH_ARCHIVE = FULL ? 5 : 1;

    @TempDir
    static Path temp;

    private static Distribution distribution;
    private static Path archive;

    @BeforeAll
    static void unpack() throws IOException, InterruptedException {
        assumeTrue(isRunnable("bash"), "needs bash, as the launcher does");
        distribution = Distribution.in(temp.resolve("distribution"));
        archive = distribution.makeClassArchive();
    }

    private static boolean isRunnable(String program) {
        return Files.isExecutable(Path.of("/bin", program)) || Files.isExecutable(Path.of("/usr/bin", program));
    }

    @Test
    void shouldHitSoonAfterAKill() throws IOException, InterruptedException {
        Path dir = temp.resolve("killed");
        List<String> options = List.of("--mapped", FULL ? "12000MiB" : "64MiB", "--heap", "0");
        try (Distribution.Served node = distribution.serve(dir, options, Map.of())) {
            assertThat(node.firstLine()).startsWith("ready pid=" + node.pid() + " ");
            fill(dir);
            node.kill();
        }

        for (int i = 0; i < STARTS_WITH_ARCHIVE; i++) {
            long startNs = System.nanoTime();
            try (Distribution.Served node = distribution.serve(dir, options, Map.of())) {
                assertThat(node.firstLine()).startsWith("ready pid=" + node.pid() + " ");
                long readyNs = System.nanoTime();
                try (TiercelClient client = connect(dir); Frame frame = client.get(key(FRAMES - 1))) {
                    assertThat(Objects.requireNonNull(frame).length()).isEqualTo(LENGTH);
                }
                long hitNs = System.nanoTime();
                System.out.println("frames=" + FRAMES + " length=" + LENGTH + " ms since the launcher was run: ready="
                        + TimeUnit.NANOSECONDS.toMillis(readyNs - startNs) + " hit="
                        + TimeUnit.NANOSECONDS.toMillis(hitNs - startNs));
                if (i + 1 < STARTS_WITH_ARCHIVE) {
                    node.kill();
                } else {
                    assertThat(node.stop()).isZero(); // A killed one would leave its folder in shared memory.
                }
            }
        }
    }

    private static void fill(Path dir) {
        UnsafeBuffer value = new UnsafeBuffer(new byte[LENGTH]);
        try (TiercelClient client = connect(dir)) {
            for (int i = 0; i < FRAMES; i++) {
                client.put(key(i), value, 0, LENGTH, PutOptions.DEFAULTS);
            }
        }
    }

    private static Key key(int number) {
        return Key.of("k/" + number);
    }

    private static TiercelClient connect(Path dir) {
        return TiercelClient.connect(
                new TiercelClient.Context().nodeDir(dir).requestTimeoutNs(TimeUnit.SECONDS.toNanos(60)));
    }

    @Test
    void shouldLogInTheFormThatIsAskedFor() throws IOException, InterruptedException {
        assertThat(firstLogLine("json")).startsWith("{\"time\":\"").endsWith("}");
        assertThat(firstLogLine("text")).matches(
                "\\d{4}-\\d\\d-\\d\\dT[0-9:.]{12}Z INFO  \\[tiercel-shard\\] Clients - client 1 .* connected: .*");
    }

    /** What a node writes to standard error when a client comes. */
    private static String firstLogLine(String form) throws IOException, InterruptedException {
        Path dir = temp.resolve("log-" + form);
        try (Distribution.Served node = distribution.serve(dir, List.of("--log", form), Map.of())) {
            assertThat(node.firstLine()).startsWith("ready pid=" + node.pid() + " ");
            connect(dir).close();
            assertThat(node.stop()).isZero();
        }
        return distribution.log().lines().findFirst().orElseThrow();
    }

    @Test
    void shouldTakeItsClassesFromTheArchive() throws IOException, InterruptedException {
        assertThat(sourceOfNodeClass(temp.resolve("archived"))).contains("shared objects file");
    }

    @Test
    void shouldStartTheSameWithADamagedArchive() throws IOException, InterruptedException {
        byte[] whole = Files.readAllBytes(archive);
        try {
            try (RandomAccessFile file = new RandomAccessFile(archive.toFile(), "rw")) {
                file.seek(whole.length / 2);
                file.write(~whole[whole.length / 2]);
            }
            assertThat(sourceOfNodeClass(temp.resolve("flipped"))).contains(".jar");

            try (RandomAccessFile file = new RandomAccessFile(archive.toFile(), "rw")) {
                file.setLength(whole.length / 3);
            }
            assertThat(sourceOfNodeClass(temp.resolve("short"))).contains(".jar");

            Files.write(archive, new byte[0]);
            assertThat(sourceOfNodeClass(temp.resolve("empty"))).contains(".jar");
        } finally {
            Files.write(archive, whole);
        }
    }

    /** Starts a node, and answers where it says that it has one of its classes from. */
    private static String sourceOfNodeClass(Path dir) throws IOException, InterruptedException {
        Path loaded = Path.of(dir + ".loaded");
        Map<String, String> environment = Map.of("TIERCEL_JAVA_OPTS", "-Xlog:class+load:file=" + loaded);
        try (Distribution.Served node = distribution.serve(dir, List.of(), environment)) {
            // Nothing of the JVM's comes before it.
            assertThat(node.firstLine()).startsWith("ready pid=" + node.pid() + " ");
            assertThat(node.stop()).isZero();
        }
        return Files.readAllLines(loaded).stream().filter(line -> line.contains(TiercelNode.class.getName() + " "))
                .findFirst().orElseThrow();
    }
}
