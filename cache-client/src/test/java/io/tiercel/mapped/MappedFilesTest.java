package io.tiercel.mapped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFilesTest {
    @TempDir
    Path dir;

    @Test
    void shouldShowClientsWhatTheNodeWrites() throws IOException {
        Path path = reserved("control", ControlDescriptor.fileLength(8));
        try (ControlFile node = ControlFile.create(path, 8); ControlFile client = ControlFile.open(path, false)) {
            node.incarnationVolatile(1);
            node.nonce(2);
            node.pid(3);
            node.invalidationEpochVolatile(4);
            node.clockMsOpaque(5);
            node.beatOpaque(6);
            node.aeronDir("/dev/shm/ä");
            node.udpEndpoint("127.0.0.1:8740");
            node.generationVolatile(7, 8);
            node.fileGenerationVolatile(7, 9);
            node.fileLength(7, 10);

            assertThat(client.slotCapacity()).isEqualTo(8);
            assertThat(client.incarnationVolatile()).isEqualTo(1);
            assertThat(client.nonce()).isEqualTo(2);
            assertThat(client.pid()).isEqualTo(3);
            assertThat(client.invalidationEpochVolatile()).isEqualTo(4);
            assertThat(client.clockMsOpaque()).isEqualTo(5);
            assertThat(client.beatOpaque()).isEqualTo(6);
            assertThat(client.aeronDir()).isEqualTo("/dev/shm/ä");
            assertThat(client.udpEndpoint()).isEqualTo("127.0.0.1:8740");
            assertThat(client.generationVolatile(7)).isEqualTo(8);
            assertThat(client.fileGenerationVolatile(7)).isEqualTo(9);
            assertThat(client.fileLength(7)).isEqualTo(10);
            assertThatThrownBy(() -> node.aeronDir("x".repeat(829))).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("length=829 expected at most 828");
        }
    }

    @Test
    void shouldRefuseControlFilesThatAreNone() throws IOException {
        Path path = reserved("control", ControlDescriptor.fileLength(8));
        assertThatThrownBy(() -> ControlFile.open(path, false)).hasMessageContaining("not a Tiercel control file");
        ControlFile.create(path, 8).close();

        patchInt(path, ControlDescriptor.SLOT_CAPACITY_OFFSET, 9);
        assertThatThrownBy(() -> ControlFile.open(path, false)).hasMessageContaining("slotCapacity=9");
        patchInt(path, ControlDescriptor.SLOT_CAPACITY_OFFSET, -1);
        assertThatThrownBy(() -> ControlFile.open(path, false)).hasMessageContaining("slotCapacity=-1");
        patchInt(path, ControlDescriptor.LAYOUT_VERSION_OFFSET, 2);
        assertThatThrownBy(() -> ControlFile.open(path, false)).hasMessageContaining("this build reads 1");
        Path shorter = reserved("short", 100);
        assertThatThrownBy(() -> ControlFile.open(shorter, false)).hasMessageContaining("length=100");
        assertThatThrownBy(() -> ControlFile.create(shorter, 8)).hasMessageContaining("too short");
        assertThatThrownBy(() -> ControlFile.open(dir.resolve("none"), false)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void shouldNotBelieveHostileTextLengths() throws IOException {
        Path path = reserved("control", ControlDescriptor.fileLength(8));
        try (ControlFile control = ControlFile.create(path, 8)) {
            for (int length : new int[]{-1, Integer.MAX_VALUE, ControlDescriptor.AERON_DIR_MAX_LENGTH + 1}) {
                patchInt(path, ControlDescriptor.AERON_DIR_OFFSET, length);

                assertThat(control.aeronDir()).isEmpty();
            }
        }
    }

    @Test
    void shouldCountPinsAcrossMappings() throws IOException {
        Path path = reserved("0", ReaderDescriptor.fileLength(16));
        try (ReaderFile node = ReaderFile.create(path, 16, 0, 5, 999); ReaderFile client = ReaderFile.open(path, 16)) {
            client.pin(15);
            client.pin(15);

            assertThat(node.pinsVolatile(15)).isEqualTo(2);
            assertThat(node.pinsVolatile(14)).isZero();
            assertThat(node.isUnpinned()).isFalse();
            assertThat(client.unpin(15)).isEqualTo(1);
            assertThat(client.unpin(15)).isZero();
            assertThat(node.isUnpinned()).isTrue();
        }
        assertThatThrownBy(() -> ReaderFile.open(path, 17)).hasMessageContaining("slotCapacity=16")
                .hasMessageContaining("expected 17");
    }

    @Test
    void shouldRefuseReaderFilesThatAreNone() throws IOException {
        Path path = reserved("0", ReaderDescriptor.fileLength(16));
        assertThatThrownBy(() -> ReaderFile.open(path, 16)).hasMessageContaining("not a Tiercel reader file");
        ReaderFile.create(path, 16, 0, 5, 999).close();

        for (int version : new int[]{1, 3}) {
            patchInt(path, ReaderDescriptor.LAYOUT_VERSION_OFFSET, version);
            assertThatThrownBy(() -> ReaderFile.open(path, 16))
                    .hasMessageContaining("layoutVersion=" + version + ", this build reads 2");
        }
        Path shorter = reserved("short", 100);
        assertThatThrownBy(() -> ReaderFile.open(shorter, 16)).hasMessageContaining("length=100");
    }

    @Test
    void shouldCountNoPinInAClosedSlot() throws IOException {
        Path path = reserved("0", ReaderDescriptor.fileLength(16));
        try (ReaderFile node = ReaderFile.create(path, 16, 0, 5, 999); ReaderFile client = ReaderFile.open(path, 16)) {
            assertThat(client.pinQuota()).isEqualTo(999);
            assertThat(client.tryCloseSlot(3)).isTrue();

            assertThat(client.pin(3)).isFalse();
            assertThat(node.pinsVolatile(3)).isZero();
            client.openSlot(3);
            assertThat(node.pinsVolatile(3)).as("the pin that came too early, not given back yet").isEqualTo(1);
            assertThat(client.unpin(3)).isZero();
            assertThat(client.pin(3)).isTrue();
            assertThat(client.tryCloseSlot(3)).as("pinned").isFalse();
            assertThat(node.pinsVolatile(3)).isEqualTo(1);
        }
    }

    @Test
    void shouldHandTouchesOnOnceAndInOrder() throws IOException {
        Path path = reserved("0", ReaderDescriptor.fileLength(16));
        try (ReaderFile node = ReaderFile.create(path, 16, 0, 5, 999); ReaderFile client = ReaderFile.open(path, 16)) {
            List<String> seen = new ArrayList<>();
            ReaderFile.TouchHandler handler = (slot, offset, generation) -> seen
                    .add(slot + ":" + offset + ":" + generation);
            client.touch(3, 64, 7);
            client.touch(15, 0x7FFF_FFC0, Long.MAX_VALUE);
            client.touch(0, 128, -1);

            long position = node.drainTouches(0, 2, handler);
            position = node.drainTouches(position, 2, handler);
            position = node.drainTouches(position, 2, handler);

            assertThat(position).isEqualTo(3);
            assertThat(seen).containsExactly("3:64:7", "15:2147483584:" + Long.MAX_VALUE, "0:128:-1");
        }
    }

    @Test
    void shouldHandOnWhatTheRingStillHolds() throws IOException {
        Path path = reserved("0", ReaderDescriptor.fileLength(16));
        try (ReaderFile file = ReaderFile.create(path, 16, 0, 5, 999)) {
            List<Long> generations = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                file.touch(1, 64, i);
            }

            long position = file.drainTouches(10, 10_000, (slot, offset, generation) -> generations.add(generation));

            assertThat(position).isEqualTo(1_000);
            assertThat(generations).hasSize(ReaderDescriptor.TOUCH_CAPACITY).startsWith(744L).endsWith(999L);
        }
    }

    @Test
    void shouldSurviveAnyTouchPosition() throws IOException {
        Path path = reserved("0", ReaderDescriptor.fileLength(16));
        try (ReaderFile file = ReaderFile.create(path, 16, 0, 5, 999)) {
            long from = 0;
            for (long position : new long[]{-1, Long.MIN_VALUE, Long.MAX_VALUE, 5, 1L << 40, -(1L << 40), 0}) {
                patchLong(path, ReaderDescriptor.touchPositionOffset(16), position);
                int[] count = new int[1];

                from = file.drainTouches(from, 64, (slot, offset, generation) -> count[0]++);

                assertThat(count[0]).isLessThanOrEqualTo(64);
            }
        }
    }

    @Test
    void shouldOpenOnlyTheSegmentThatIsMeant() throws IOException {
        Path path = reserved("3.seg", 4096);
        patchLong(path, SegmentDescriptor.MAGIC_OFFSET, SegmentDescriptor.MAGIC);
        patchInt(path, SegmentDescriptor.LAYOUT_VERSION_OFFSET, SegmentDescriptor.LAYOUT_VERSION);
        patchInt(path, SegmentDescriptor.SLOT_OFFSET, 3);
        patchLong(path, SegmentDescriptor.FILE_GENERATION_OFFSET, 7);

        ReadOnlySegment.open(dir, 3, 7, 4096).close();

        assertThatThrownBy(() -> ReadOnlySegment.open(dir, 3, 8, 4096)).hasMessageContaining("fileGeneration=8");
        assertThatThrownBy(() -> ReadOnlySegment.open(dir, 3, 7, 4097)).hasMessageContaining("fileLength=4097");
        assertThatThrownBy(() -> ReadOnlySegment.open(dir, 4, 7, 4096)).isInstanceOf(NoSuchFileException.class);
        Files.copy(path, dir.resolve("5.seg"));
        assertThatThrownBy(() -> ReadOnlySegment.open(dir, 5, 7, 4096)).hasMessageContaining("slot=5");
    }

    @Test
    void shouldGiveViewsThatCannotBeWritten() throws IOException {
        try (MappedFile file = MappedFile.openWritable(reserved("f", 4096))) {
            file.buffer().putByte(100, (byte) 7);

            assertThat(file.slice(100, 5).isReadOnly()).isTrue();
            assertThat(file.slice(100, 5).get(0)).isEqualTo((byte) 7);
            assertThat(file.slice(100, 5).remaining()).isEqualTo(5);
        }
    }

    @Test
    void shouldBeHeldOncePerProcess() throws IOException {
        Path path = dir.resolve("x.lock");
        assertThat(LockFile.isHeld(path)).isFalse();
        assertThat(path).doesNotExist();
        try (LockFile lock = LockFile.tryAcquire(path)) {
            assertThat(lock).isNotNull();
            assertThat(LockFile.tryAcquire(dir.resolve("./x.lock"))).isNull();
            assertThat(LockFile.isHeld(path)).isTrue();
        }
        assertThat(LockFile.isHeld(path)).isFalse();
    }

    private Path reserved(String name, int length) throws IOException {
        Path path = dir.resolve(name);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(length);
        }
        return path;
    }

    private static void patchInt(Path path, int offset, int value) throws IOException {
        try (MappedFile file = MappedFile.openWritable(path)) {
            file.buffer().putInt(offset, value, ByteOrder.LITTLE_ENDIAN);
        }
    }

    private static void patchLong(Path path, int offset, long value) throws IOException {
        try (MappedFile file = MappedFile.openWritable(path)) {
            file.buffer().putLong(offset, value, ByteOrder.LITTLE_ENDIAN);
        }
    }
}
