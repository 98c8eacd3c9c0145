package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.mapped.ControlDescriptor;
import io.tiercel.mapped.ControlFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlKeeperTest {
    private static final int SLOTS = 200;
    private static final long INCARNATION = 7;

    @TempDir
    Path dir;

    /** What becomes of the file between two nodes. */
    private interface Damage {
        void to(FileChannel file) throws IOException;
    }

    @Test
    void shouldEndTheIncarnationInTheFileThatClientsHold() throws IOException {
        assertThat(isEndedAfter(SLOTS, file -> {})).as("taken over").isTrue();
        assertThat(isEndedAfter(2 * SLOTS, file -> {})).as("too small").isTrue();
    }

    @Test
    void shouldEndTheIncarnationInAFileThatIsNotTakenOver() throws IOException {
        assertThat(isEndedAfter(SLOTS, file -> file.truncate(ControlDescriptor.fileLength(2)))).as("cut short")
                .isTrue();
        assertThat(isEndedAfter(SLOTS, file -> put(file, ControlDescriptor.LAYOUT_VERSION_OFFSET, 0))).as(
                "of an older build").isTrue();
        assertThat(isEndedAfter(SLOTS, file -> put(file, ControlDescriptor.slotOffset(3), -1))).as("of a generation"
                + " that is none").isTrue();
    }

    @Test
    void shouldMakeRoomForTheFilterInAFileThatHasNone() throws IOException {
        Path file = dir.resolve("control");
        try (ControlFile older = ControlKeeper.open(file, SLOTS)) {
            older.generationVolatile(5, 55);
            older.invalidationEpochVolatile(66);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            put(channel, ControlDescriptor.FILTER_ENTRIES_OFFSET, 0);
            channel.truncate(ControlDescriptor.slotOffset(SLOTS));
        }

        try (ControlFile next = ControlKeeper.open(file, SLOTS / 2)) {
            assertThat(next.hasFilter()).isTrue();
            assertThat(next.slotCapacity()).as("what it had").isEqualTo(SLOTS);
            assertThat(next.generationVolatile(5)).isEqualTo(55);
            assertThat(next.invalidationEpochVolatile()).isEqualTo(66);
        }
    }

    private static void put(FileChannel file, int offset, int value) throws IOException {
        ByteBuffer repeated = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).putInt(
                value);
        file.write(repeated.flip().limit(offset < ControlDescriptor.SLOT_TABLE_OFFSET ? Integer.BYTES : Long.BYTES),
                offset);
    }

    /** Whether a client of the node before, which was killed, finds that it serves no more when the next one opens. */
    private boolean isEndedAfter(int slots, Damage damage) throws IOException {
        Path file = dir.resolve("control");
        Files.deleteIfExists(file);
        try (ControlFile killed = ControlKeeper.open(file, SLOTS)) {
            killed.incarnationVolatile(INCARNATION);
        }
        try (ControlFile held = ControlFile.open(file, false)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                damage.to(channel);
            }
            assertThat(held.incarnationVolatile()).isEqualTo(INCARNATION);
            try (ControlFile next = ControlKeeper.open(file, slots)) {
                assertThat(next.incarnationVolatile()).isZero();
                assertThat(next.slotCapacity()).isEqualTo(slots);
                return held.incarnationVolatile() == 0L;
            }
        }
    }
}
