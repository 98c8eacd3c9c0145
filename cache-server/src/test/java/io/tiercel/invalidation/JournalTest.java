package io.tiercel.invalidation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.invalidation.JournalReader.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final JournalHeader HEADER = new JournalHeader(42, 3, 10, 2, "boot-a");

    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void name() {
        file = dir.resolve("journal");
    }

    @Test
    void shouldReadBackHeaderAndRecords() throws IOException {
        try (Journal journal = create()) {
            journal.append(bytes("a/b"), 11);
            journal.append(bytes("c"), 12);
        }

        JournalReader reader = JournalReader.read(file);
        PrefixEpochs prefixes = new PrefixEpochs(100);

        assertThat(reader.outcome()).isEqualTo(Outcome.WHOLE);
        assertThat(reader.header()).isEqualTo(HEADER);
        assertThat(reader.replay(prefixes)).isEqualTo(12);
        assertThat(isStale(prefixes, "a/b/x", 10)).isTrue();
        assertThat(isStale(prefixes, "a/b/x", 11)).isFalse();
        assertThat(isStale(prefixes, "c", 11)).isTrue();
        assertThat(isStale(prefixes, "d", 1)).as("below the floor").isTrue();
        assertThat(isStale(prefixes, "d", 2)).isFalse();
    }

    @Test
    void shouldHaveWrittenARecordWhenAppendReturns() throws IOException {
        try (Journal journal = create()) {
            journal.append(bytes("a"), 11);

            assertThat(JournalReader.read(file).replay(new PrefixEpochs(100))).isEqualTo(11);
        }
    }

    @Test
    void shouldReplayAll() throws IOException {
        try (Journal journal = create()) {
            journal.append(bytes("a"), 11);
            journal.appendAll(12);
            journal.append(bytes("b"), 13);
        }
        PrefixEpochs prefixes = new PrefixEpochs(100);

        JournalReader.read(file).replay(prefixes);

        assertThat(prefixes.floor()).isEqualTo(12);
        assertThat(isStale(prefixes, "q", 11)).isTrue();
        assertThat(isStale(prefixes, "b", 12)).isTrue();
        assertThat(isStale(prefixes, "q", 12)).isFalse();
    }

    @Test
    void shouldCutATornTailOff() throws IOException {
        long end = appendUntilARecordCrossesAPage();
        long boundary = end / 4096 * 4096;

        zero(boundary, end);
        JournalReader reader = JournalReader.read(file);

        assertThat(reader.outcome()).isEqualTo(Outcome.WHOLE);
        assertThat(reader.replay(new PrefixEpochs(10_000))).isPositive();
    }

    @Test
    void shouldTakeAnyOtherFlipForDamage() throws IOException {
        try (Journal journal = create()) {
            for (int i = 0; i < 5; i++) {
                journal.append(bytes("prefix" + i), 11 + i);
            }
        }
        byte[] good = Files.readAllBytes(file);
        int records = JournalDescriptor.HEADER_LENGTH;
        int end = records + 5 * JournalDescriptor.aligned(JournalDescriptor.RECORD_PREFIX_OFFSET + 7);
        Random random = new Random(5);
        for (int round = 0; round < 60; round++) {
            byte[] bad = good.clone();
            int at = random.nextInt(end);
            bad[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, bad);

            JournalReader reader = JournalReader.read(file);

            boolean padding = reader.outcome() == Outcome.WHOLE
                    && reader.replay(new PrefixEpochs(100)) == 15;
            assertThat(padding || reader.outcome() == Outcome.DAMAGED || reader.outcome() == Outcome.NEWER)
                    .as("flipped byte %d: %s", at, reader.outcome()).isTrue();
        }
    }

    @Test
    void shouldTellAMissingAnEmptyAndANewerFile() throws IOException {
        assertThat(JournalReader.read(file).outcome()).isEqualTo(Outcome.MISSING);

        Files.write(file, new byte[0]);
        assertThat(JournalReader.read(file).outcome()).isEqualTo(Outcome.DAMAGED);

        create().close();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[]{2}), JournalDescriptor.LAYOUT_VERSION_OFFSET);
        }
        JournalReader newer = JournalReader.read(file);
        assertThat(newer.outcome()).isEqualTo(Outcome.NEWER);
        assertThat(newer.defect()).isEqualTo("layoutVersion=2, this build reads 1");
    }

    @Test
    void shouldGrowAndCompactToWhatStillMatters() throws IOException {
        PrefixEpochs prefixes = new PrefixEpochs(1000);
        long longest = 0;
        int compactions = 0;
        try (Journal journal = create()) {
            for (int epoch = 11; epoch < 120_000; epoch++) {
                byte[] prefix = bytes("folder/number" + epoch % 100);
                journal.append(prefix, epoch);
                prefixes.invalidate(prefix, epoch);
                if (journal.isCompactionDue()) {
                    journal.compact(new JournalHeader(42, 3, epoch, 0, "boot-a"), prefixes);
                    compactions++;
                }
                longest = epoch % 1000 == 0 ? Math.max(longest, Files.size(file)) : longest;
            }
        }
        PrefixEpochs replayed = new PrefixEpochs(1000);

        long epoch = JournalReader.read(file).replay(replayed);

        assertThat(epoch).isEqualTo(119_999);
        assertThat(replayed.count()).isEqualTo(100);
        assertThat(isStale(replayed, "folder/number99/x", 119_998)).isTrue();
        assertThat(compactions).isPositive();
        assertThat(longest).isLessThan(4 << 20);
    }

    @Test
    void shouldStartFromASnapshotOfALargeTable() throws IOException {
        PrefixEpochs prefixes = new PrefixEpochs(20_000);
        for (int i = 0; i < 20_000; i++) {
            prefixes.invalidate(bytes("a-rather-long-folder-name/number" + i), 11 + i);
        }

        Journal.create(file, HEADER, prefixes).close();
        PrefixEpochs replayed = new PrefixEpochs(20_000);
        JournalReader.read(file).replay(replayed);

        assertThat(replayed.count()).isEqualTo(20_000);
        assertThat(isStale(replayed, "a-rather-long-folder-name/number19999", 20_009)).isTrue();
    }

    private long appendUntilARecordCrossesAPage() throws IOException {
        long position = JournalDescriptor.HEADER_LENGTH;
        try (Journal journal = create()) {
            for (int epoch = 11;; epoch++) {
                byte[] prefix = bytes("a-folder-with-a-name-of-some-length/" + epoch);
                journal.append(prefix, epoch);
                int length = JournalDescriptor.RECORD_PREFIX_OFFSET + prefix.length;
                if (position / 4096 != (position + length - 1) / 4096) {
                    return position + length;
                }
                position += JournalDescriptor.aligned(length);
            }
        }
    }

    private void zero(long from, long to) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate((int) (to - from)), from);
        }
    }

    private Journal create() throws IOException {
        return Journal.create(file, HEADER, new PrefixEpochs(100));
    }

    private static boolean isStale(PrefixEpochs prefixes, String key, long epoch) {
        UnsafeBuffer buffer = new UnsafeBuffer(bytes(key));
        return prefixes.isStale(buffer, 0, buffer.capacity(), epoch);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
