package io.tiercel.tier;

import io.tiercel.segment.Segment;
import io.tiercel.segment.SegmentState;
import io.tiercel.segment.SegmentTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * {@code index.clean}: proof that the node before stopped cleanly, so that its index may be opened, and what is needed
 * besides to go on without a scan. Written last, when all else is on the disk; removed first. It counts only with the
 * journal of the same start. Immutable. Little endian.
 *
 * <pre>
 *    0  magic            i64  "TIERCLEN"
 *    8  layout version   i32  of marker and index together
 *   12  checksum         i32  CRC-32C of all behind
 *   16  store id         i64
 *   24  open count       i64
 *   32  next sequence    i64
 *   40  index capacity   i64
 *   48  segments         i32
 *   52  index checksum   i32  CRC-32C of the whole index file
 *   56  a segment, 32 bytes: slot i32, active i32 (0, 1), generation i64, tail i64, live bytes i64
 * </pre>
 *
 * @param newer whether the file is of a layout version above what this build reads; the rest says nothing then.
 */
record CleanMarker(long storeId, long openCount, long nextSequence, long indexCapacity, int indexCrc,
        List<Row> rows, boolean newer) {

    /** What is known of one segment. */
    record Row(int slot, boolean active, long generation, int tail, long liveBytes) {
        static Row of(Segment segment) {
            return new Row(segment.slot(), segment.state() == SegmentState.ACTIVE, segment.generation(),
                    segment.tail(), segment.liveBytes());
        }
    }

    static final int LAYOUT_VERSION = 2;

    private static final long MAGIC = 0x4E45_4C43_5245_4954L;
    private static final int LAYOUT_VERSION_OFFSET = 8;
    private static final int CRC_OFFSET = 12;
    private static final int BODY_OFFSET = 16;
    private static final int ROWS_OFFSET = 56;
    private static final int ROW_LENGTH = 32;

    /** The segments whose frames go on being served. */
    static List<Row> rowsOf(SegmentTable segments) {
        List<Row> rows = new ArrayList<>();
        segments.forEach(segment -> {
            if (segment.isServing(segment.generation())) {
                rows.add(Row.of(segment));
            }
        });
        return rows;
    }

    /** The row of a slot, or null. */
    @Nullable
    Row row(int slot) {
        for (Row row : rows) {
            if (row.slot() == slot) {
                return row;
            }
        }
        return null;
    }

    /** Reads a marker; null when there is none, or none to be believed. */
    static @Nullable CleanMarker read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        ByteBuffer marker = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        if (marker.limit() < ROWS_OFFSET || marker.getLong(0) != MAGIC) {
            return null;
        }
        if (marker.getInt(LAYOUT_VERSION_OFFSET) > LAYOUT_VERSION) {
            return new CleanMarker(0, 0, 0, 0, 0, List.of(), true);
        }
        if (marker.getInt(LAYOUT_VERSION_OFFSET) != LAYOUT_VERSION || marker.getInt(CRC_OFFSET) != crcOf(marker)) {
            return null;
        }
        marker.position(BODY_OFFSET);
        long storeId = marker.getLong();
        long openCount = marker.getLong();
        long nextSequence = marker.getLong();
        long indexCapacity = marker.getLong();
        int count = marker.getInt();
        int indexCrc = marker.getInt();
        if (count < 0 || marker.limit() < ROWS_OFFSET + (long) count * ROW_LENGTH) {
            return null;
        }
        marker.position(ROWS_OFFSET);
        List<Row> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            rows.add(new Row(marker.getInt(), marker.getInt() != 0, marker.getLong(),
                    Math.toIntExact(marker.getLong()), marker.getLong()));
        }
        return new CleanMarker(storeId, openCount, nextSequence, indexCapacity, indexCrc, rows, false);
    }

    /** Writes the marker so that it is on the disk, whole, when this returns. */
    void write(Path file) throws IOException {
        ByteBuffer marker = ByteBuffer.allocate(ROWS_OFFSET + rows.size() * ROW_LENGTH)
                .order(ByteOrder.LITTLE_ENDIAN);
        marker.putLong(MAGIC).putInt(LAYOUT_VERSION).putInt(0).putLong(storeId).putLong(openCount)
                .putLong(nextSequence).putLong(indexCapacity).putInt(rows.size()).putInt(indexCrc);
        for (Row row : rows) {
            marker.putInt(row.slot()).putInt(row.active() ? 1 : 0).putLong(row.generation()).putLong(row.tail())
                    .putLong(row.liveBytes());
        }
        marker.putInt(CRC_OFFSET, crcOf(marker)).flip();
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            while (marker.hasRemaining()) {
                channel.write(marker);
            }
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory(file);
    }

    /** Removes the marker, for good also after a loss of power. */
    static void remove(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            forceDirectory(file);
        }
    }

    private static void forceDirectory(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** CRC-32C of a whole file. */
    static int crcOf(Path file) throws IOException {
        CRC32C crc = new CRC32C();
        ByteBuffer chunk = ByteBuffer.allocateDirect(1 << 20);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(chunk.clear()) >= 0) {
                crc.update(chunk.flip());
            }
        }
        return (int) crc.getValue();
    }

    private static int crcOf(ByteBuffer marker) {
        CRC32C crc = new CRC32C();
        crc.update(marker.duplicate().position(BODY_OFFSET).limit(marker.capacity()));
        return (int) crc.getValue();
    }
}
