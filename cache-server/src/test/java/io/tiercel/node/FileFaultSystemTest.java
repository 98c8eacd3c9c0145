package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.client.Frame;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import io.tiercel.mapped.ControlFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What others do to the files of a running node, which stands in a process of its own: it may not take it down. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FileFaultSystemTest {
    private static final int KEYS = 30;
    private static final int LENGTH = 200_000;
    /** Its segments have 2 MiB, so that several frames share one. */
    private static final long CAPACITY = 512L << 20;

    @TempDir
    Path temp;

    @Test
    void shouldServeOnWhenItsSegmentFilesAreCutShort() throws IOException {
        Path dir = temp.resolve("node");
        try (ChildNode node = ChildNode.start(dir, CAPACITY); TiercelClient client = node.connect(true)) {
            putAll(client);
            assertThat(intactKeys(client)).isEqualTo(KEYS);

            assertThat(cutShort(segmentFiles(dir), 0)).isPositive();

            assertThat(intactKeys(client)).isZero();
            awaitStatus(client, "\"state\":\"degraded\"");
            putAll(client);
            assertThat(intactKeys(client)).isEqualTo(KEYS);
            assertThat(client.status()).contains("was cut short");
            assertThat(node.isAlive()).isTrue();
        }
    }

    @Test
    void shouldServeOnWhenFilesAreCutShortUnderReadsAndWrites() throws IOException {
        Path dir = temp.resolve("node");
        try (ChildNode node = ChildNode.start(dir, CAPACITY); TiercelClient client = node.connect(true)) {
            int read = 0;
            for (int round = 0; round < 3; round++) {
                putAll(client);
                // In the midst of a segment, so that some of each frame's pages are there and others are not.
                assertThat(cutShort(segmentFiles(dir), 600_000L + round * 4096L)).isPositive();
                for (int i = 0; i < KEYS; i++) {
                    putOrRefused(client, i);
                    read += isIntact(client, KEYS - 1 - i) ? 1 : 0;
                }
            }

            awaitAllServed(client);
            assertThat(read).as("reads of what was put meanwhile").isPositive();
            assertThat(node.isAlive()).isTrue();
        }
    }

    @Test
    void shouldServeWhatItCanWithoutItsIndex() throws IOException {
        Path dir = temp.resolve("node");
        try (ChildNode node = ChildNode.start(dir, CAPACITY); TiercelClient client = node.connect(true)) {
            putAll(client);
        }
        // A node that goes on with an index has all places in its file; a new one makes the file while it serves.
        try (ChildNode node = ChildNode.start(dir, CAPACITY); TiercelClient client = node.connect(true)) {
            assertThat(cutShort(List.of(dir.resolve("index")), 0)).isOne();

            assertThat(intactKeys(client)).isZero();
            awaitStatus(client, "\"state\":\"off\"");
            assertThatThrownBy(() -> put(client, 1)).isInstanceOf(TiercelException.class)
                    .hasFieldOrPropertyWithValue("code", ErrorCode.NO_SPACE).hasMessageContaining("restart");
            assertThat(node.isAlive()).isTrue();
        }
    }

    @Test
    void shouldRefuseAPutAtOnceWhoseOwnFileIsCutShort() throws IOException {
        Path dir = temp.resolve("node");
        int large = 5_000_000;
        try (ChildNode node = ChildNode.start(dir, CAPACITY);
                TiercelClient client = node.connect(true);
                RawClient writer = new RawClient(aeronDir(dir))) {
            putAll(client);
            writer.openPut(2, "cut/idle", large);
            writer.openPut(3, "cut/going/on", large);
            writer.sendPart(2, 0, 1000);
            writer.sendPart(3, 0, 1000);

            assertThat(cutShort(segmentFiles(dir).stream().filter(file -> isLongerThan(file, large)).toList(), 0))
                    .isEqualTo(2);
            writer.sendPart(3, 1000, 1000);

            assertThat(writer.awaitRefusal(3)).isEqualTo(ErrorCode.CORRUPT);
            assertThat(writer.awaitRefusal(2)).as("nobody touches it any more").isEqualTo(ErrorCode.CORRUPT);
            assertThat(intactKeys(client)).as("in other files").isEqualTo(KEYS);
            awaitStatus(client, "\"writing\":0,");
            assertThat(node.isAlive()).isTrue();
        }
    }

    private static String aeronDir(Path dir) throws IOException {
        try (ControlFile control = ControlFile.open(dir.resolve("control"), false)) {
            return control.aeronDir();
        }
    }

    private static boolean isLongerThan(Path file, long length) {
        return file.toFile().length() > length;
    }

    private static void putAll(TiercelClient client) {
        for (int i = 0; i < KEYS; i++) {
            put(client, i);
        }
    }

    private static void put(TiercelClient client, int number) {
        client.put(key(number), ByteBuffer.wrap(value(number)), PutOptions.DEFAULTS);
    }

    private static void putOrRefused(TiercelClient client, int number) {
        try {
            put(client, number);
        } catch (TiercelException e) {
            assertThat(e.code()).isIn(ErrorCode.CORRUPT, ErrorCode.NO_SPACE);
        }
    }

    private static void awaitAllServed(TiercelClient client) {
        Awaitility.await().pollInSameThread().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            for (int i = 0; i < KEYS; i++) {
                putOrRefused(client, i);
            }
            assertThat(intactKeys(client)).isEqualTo(KEYS);
        });
    }

    private static void awaitStatus(TiercelClient client, String part) {
        Awaitility.await().pollInSameThread().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(client.status()).contains(part));
    }

    /** Keys that are served; of the others each is a miss or the one error, and none has other bytes. */
    private static int intactKeys(TiercelClient client) {
        int intact = 0;
        for (int i = 0; i < KEYS; i++) {
            intact += isIntact(client, i) ? 1 : 0;
        }
        return intact;
    }

    private static boolean isIntact(TiercelClient client, int number) {
        try (Frame frame = client.get(key(number))) {
            if (frame == null) {
                return false;
            }
            byte[] bytes = new byte[frame.buffer().capacity()];
            frame.buffer().getBytes(0, bytes);
            assertThat(Arrays.equals(bytes, value(number))).as("bytes of key %d", number).isTrue();
            return true;
        } catch (TiercelException e) {
            assertThat(e.code()).as(String.valueOf(e.getMessage())).isEqualTo(ErrorCode.CORRUPT);
            return false;
        }
    }

    private static Key key(int number) {
        return Key.of("folder/key" + number);
    }

    private static byte[] value(int number) {
        byte[] value = new byte[LENGTH];
        new Random(number).nextBytes(value);
        return value;
    }

    private static List<Path> segmentFiles(Path dir) throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("segments"))) {
            return files.filter(file -> file.toString().endsWith(".seg")).toList();
        }
    }

    /** Answers how many there were to cut: the node may have given some up meanwhile. */
    private static long cutShort(List<Path> files, long length) {
        return files.stream().filter(file -> wasCutShort(file, length)).count();
    }

    private static boolean wasCutShort(Path file, long length) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
