package io.tiercel.invalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.invalidation.JournalReader.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void shouldGoOnAfterAnInterrupt() throws IOException {
        try (Journal journal = create()) {
            Thread.currentThread().interrupt();
            journal.append(bytes("a"), 11);
            assertThat(Thread.interrupted()).as("left for who waits for it").isTrue();
            closeByInterrupt(journal);

            journal.append(bytes("b"), 12);
            journal.force();

            assertThat(JournalReader.read(file).replay(new PrefixEpochs(100))).isEqualTo(12);
        }
    }

    /** Waiting for the disk, it is exposed. */
    private static void closeByInterrupt(Journal journal) {
        Thread.currentThread().interrupt();
        assertThatThrownBy(journal::force).isInstanceOf(ClosedByInterruptException.class);
        assertThat(Thread.interrupted()).isTrue();
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
            channel.write(ByteBuffer.wrap(new byte[]{4}), JournalDescriptor.LAYOUT_VERSION_OFFSET);
        }
        JournalReader newer = JournalReader.read(file);
        assertThat(newer.outcome()).isEqualTo(Outcome.NEWER);
        assertThat(newer.defect()).isEqualTo("layoutVersion=4, this build reads 1 to 3");
    }

    @Test
    void shouldGrowAndCompactToWhatStillMatters() throws IOException {
        PrefixEpochs prefixes = new PrefixEpochs(1000);
        long longest = 0;
        int compactions = 0;
        try (Journal journal = create()) {
            for (int epoch = 11; epoch < 120_000; epoch++) {
                append(journal, prefixes, "folder/number" + epoch % 100, epoch);
                boolean before = journal.isCompacting();
                journal.compactSome(Journal.RECORDS_AN_APPEND, header(epoch, prefixes), prefixes);
                compactions += before && !journal.isCompacting() ? 1 : 0;
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
    void shouldCompactAFewRecordsATurnAndMissNothingThatCameMeanwhile() throws IOException {
        PrefixEpochs prefixes = new PrefixEpochs(65_536);
        int epoch = 11;
        try (Journal journal = create()) {
            while (!journal.isCompactionDue()) {
                append(journal, prefixes, "folder/" + epoch % 9_000, epoch);
                epoch++;
            }
            int turns = 0;
            int mostLooked = 0;
            long lookedAt = 0;
            do {
                int looked = journal.compactSome(Journal.RECORDS_A_TURN, header(epoch, prefixes), prefixes);
                mostLooked = Math.max(mostLooked, looked);
                lookedAt += looked;
                turns++;
                if (journal.isCompacting()) {
                    append(journal, prefixes, "meanwhile/" + turns, epoch++);
                }
                if (turns % 20 == 0) {
                    assertThat(missedBy(JournalReader.read(file), turns, epoch)).as("turn %d", turns).isEmpty();
                }
            } while (journal.isCompacting());

            assertThat(mostLooked).as("records a turn").isEqualTo(Journal.RECORDS_A_TURN);
            assertThat(lookedAt).as("all of them, and those that came meanwhile").isEqualTo(epoch - 11L);
            assertThat(turns).isGreaterThan(50);
            JournalReader whole = JournalReader.read(file);
            assertThat(whole.outcome()).isEqualTo(Outcome.WHOLE);
            assertThat(whole.end()).as("what was invalidated again lies there once")
                    .isLessThanOrEqualTo(JournalDescriptor.HEADER_LENGTH + (9_000L + turns) * JournalDescriptor.aligned(
                            JournalDescriptor.RECORD_PREFIX_OFFSET
                                    + "folder/1234".length()));
            assertThat(missedBy(whole, turns - 1, epoch)).isEmpty();
        }
    }

    /** What a start with that journal would serve though it was invalidated; empty when nothing. */
    private static String missedBy(JournalReader journal, int meanwhile, int epoch) {
        if (journal.outcome() != Outcome.WHOLE) {
            return journal.defect();
        }
        PrefixEpochs replayed = new PrefixEpochs(65_536);
        journal.replay(replayed);
        String last = "meanwhile/" + meanwhile;
        if (meanwhile > 0 && !isStale(replayed, last, epoch - 2)) {
            return last;
        }
        for (int i = 0; i < 9_000; i += 1_000) {
            if (!isStale(replayed, "folder/" + i, 10)) {
                return "folder/" + i;
            }
        }
        return "";
    }

    @Test
    void shouldLeaveTheJournalAsItIsUntilTheNewOneIsWhole() throws IOException {
        PrefixEpochs prefixes = new PrefixEpochs(1000);
        try (Journal journal = create()) {
            int epoch = 11;
            while (!journal.isCompactionDue()) {
                append(journal, prefixes, "folder/" + epoch % 500, epoch++);
            }
            byte[] before = Files.readAllBytes(file);
            journal.compactSome(Journal.RECORDS_A_TURN, header(epoch, prefixes), prefixes);

            assertThat(journal.isCompacting()).isTrue();
            assertThat(Files.readAllBytes(file)).isEqualTo(before);
        }
        assertThat(dir.resolve("journal.new")).as("given up with the journal").doesNotExist();
        assertThat(JournalReader.read(file).outcome()).isEqualTo(Outcome.WHOLE);
    }

    @Test
    void shouldForgetEverythingRatherThanWhatItCannotReadAnyMore() throws IOException {
        PrefixEpochs prefixes = new PrefixEpochs(1000);
        int epoch = 11;
        try (Journal journal = create()) {
            while (!journal.isCompactionDue()) {
                append(journal, prefixes, "folder/" + epoch % 500, epoch++);
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[]{'x'}), 10_000);
            }
            while (journal.isCompactionDue()) {
                journal.compactSome(Journal.RECORDS_A_TURN, header(epoch - 1, prefixes), prefixes);
            }
            append(journal, prefixes, "later", epoch);
        }

        assertThat(isStale(prefixes, "whatever", epoch - 2)).isTrue();
        PrefixEpochs replayed = new PrefixEpochs(1000);
        assertThat(JournalReader.read(file).replay(replayed)).isEqualTo(epoch);
        assertThat(replayed.floor()).isEqualTo(epoch - 1);
        assertThat(isStale(replayed, "later", epoch - 1)).isTrue();
        assertThat(isStale(replayed, "whatever", epoch - 1)).isFalse();
    }

    @Test
    void shouldTakeOverWhatStillMattersOfALargeJournal() throws IOException {
        PrefixEpochs prefixes = new PrefixEpochs(20_000);
        try (Journal journal = create()) {
            for (int i = 0; i < 20_000; i++) {
                append(journal, prefixes, "a-rather-long-folder-name/number" + i, 11 + i);
            }
        }
        prefixes.seal();
        long end = JournalReader.read(file).end();

        Journal.takeOver(file, end, HEADER, prefixes).close();
        JournalReader reader = JournalReader.read(file);
        PrefixEpochs replayed = new PrefixEpochs(20_000);
        reader.replay(replayed);

        assertThat(reader.end()).isEqualTo(end);
        assertThat(replayed.count()).isEqualTo(20_000);
        assertThat(isStale(replayed, "a-rather-long-folder-name/number19999", 20_009)).isTrue();

        prefixes.retireSealed();
        Journal.takeOver(file, end, HEADER, prefixes).close();
        assertThat(JournalReader.read(file).end()).as("what is retired").isEqualTo(JournalDescriptor.HEADER_LENGTH);
    }

    @Test
    void shouldCoverByItsFloorWhatIsNotToldApart() throws IOException {
        PrefixEpochs prefixes = new PrefixEpochs(64);
        try (Journal journal = create()) {
            for (int i = 0; i < 1_000; i++) {
                append(journal, prefixes, "one" + i, 11 + i);
            }
        }

        Journal.takeOver(file, JournalReader.read(file).end(), header(1_010, prefixes), prefixes).close();
        PrefixEpochs replayed = new PrefixEpochs(64);
        JournalReader.read(file).replay(replayed);

        for (int i = 0; i < 1_000; i++) {
            assertThat(isStale(replayed, "one" + i, 10 + i)).as("one%d", i).isTrue();
        }
        assertThat(isStale(replayed, "one", 1_010)).isFalse();
    }

    @Test
    void shouldReadAKeyAloneBack() throws IOException {
        try (Journal journal = create()) {
            journal.appendKey(bytes("a/b"), 11);
        }
        PrefixEpochs prefixes = new PrefixEpochs(100);

        JournalReader.read(file).replay(prefixes);

        assertThat(isStale(prefixes, "a/b", 10)).isTrue();
        assertThat(isStale(prefixes, "a/b", 11)).isFalse();
        assertThat(isStale(prefixes, "a/b/c", 10)).as("what lies under it").isFalse();
    }

    @Test
    void shouldReadChangesOfStoresBackAndKeepThemWhenItIsWrittenAnew() throws IOException {
        PrefixEpochs prefixes = new PrefixEpochs(100);
        try (Journal journal = create()) {
            journal.appendSpared(bytes("a/deep"), 11);
            journal.appendReplaced(bytes("a"), 11);
            journal.appendReplaced(bytes("a"), 12);
            journal.appendReplaced(bytes(""), 12);
            journal.appendSpared(bytes("a"), 13);
            journal.appendReplaced(bytes(""), 13);
        }
        JournalReader reader = JournalReader.read(file);
        reader.replay(prefixes);

        Journal.takeOver(file, reader.end(), header(13, prefixes), prefixes).close();
        PrefixEpochs again = new PrefixEpochs(100);
        JournalReader.read(file).replay(again);

        for (PrefixEpochs each : List.of(prefixes, again)) {
            assertThat(isStale(each, "a/x", 12)).as("spared at 13").isFalse();
            assertThat(isStale(each, "a/x", 11)).as("replaced itself at 12").isTrue();
            assertThat(isStale(each, "a/deep/x", 11)).as("nor was what lies in it").isTrue();
            assertThat(isStale(each, "z", 12)).isTrue();
            assertThat(isStale(each, "z", 13)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(bytes = {1, 2})
    void shouldReadAJournalOfAVersionBefore(byte version) throws IOException {
        try (Journal journal = create()) {
            journal.append(bytes("a"), 11);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[]{version}), JournalDescriptor.LAYOUT_VERSION_OFFSET);
        }

        JournalReader reader = JournalReader.read(file);

        assertThat(reader.outcome()).isEqualTo(Outcome.WHOLE);
        assertThat(reader.replay(new PrefixEpochs(100))).isEqualTo(11);
    }

    private static void append(Journal journal, PrefixEpochs prefixes, String prefix, long epoch) throws IOException {
        byte[] bytes = bytes(prefix);
        journal.append(bytes, epoch);
        prefixes.invalidate(new UnsafeBuffer(bytes), 0, bytes.length, epoch);
    }

    private static JournalHeader header(long epoch, PrefixEpochs prefixes) {
        return new JournalHeader(42, 3, epoch, prefixes.journalFloor(), "boot-a");
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
        return Journal.create(file, HEADER);
    }

    private static boolean isStale(PrefixEpochs prefixes, String key, long epoch) {
        UnsafeBuffer buffer = new UnsafeBuffer(bytes(key));
        return prefixes.isStale(buffer, 0, buffer.capacity(), epoch);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
