package io.tiercel.invalidation;

import static io.tiercel.invalidation.JournalDescriptor.*;

import io.tiercel.segment.DiskSpace;
import io.tiercel.segment.NoSpaceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * The acknowledged invalidations by prefix: append-only, each with its length and CRC-32C, in space that was reserved
 * ahead. Single writer: the shard agent.
 *
 * <p>An append is one write(2): what it wrote is there for the next process whatever becomes of this one. A machine
 * that loses power may lose it, and starts with empty tiers for that reason. When the file has grown to several times
 * what still matters, it is written anew and takes the old one's name.
 */
public final class Journal implements AutoCloseable {
    private static final int ROOM_LENGTH = 1 << 20;
    private static final int BATCH_LENGTH = 1 << 16;

    private final Path file;
    private final ByteBuffer record = ByteBuffer.allocateDirect(MAX_RECORD_LENGTH + Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();
    private FileChannel channel;
    private long position;
    private long reservedLength;
    private long compactionLength;

    private Journal(Path file, FileChannel channel, long position, long reservedLength) {
        this.file = file;
        this.channel = channel;
        this.position = position;
        this.reservedLength = reservedLength;
        this.compactionLength = compactionLength(position);
    }

    /**
     * Writes a journal of a header and of what a table remembers, in place of any before.
     *
     * @throws NoSpaceException when the disk is full; the file before is untouched then.
     */
    public static Journal create(Path file, JournalHeader header, PrefixEpochs prefixes) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        long length = lengthOf(prefixes);
        FileChannel channel = null;
        boolean done = false;
        try {
            DiskSpace.reserve(unfinished, length + ROOM_LENGTH);
            channel = FileChannel.open(unfinished, StandardOpenOption.WRITE);
            writeAll(channel, header.encode().clear(), 0L);
            writeRecords(channel, prefixes);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            done = true;
            return new Journal(file, channel, length, length + ROOM_LENGTH);
        } finally {
            if (!done) {
                if (channel != null) {
                    channel.close();
                }
                Files.deleteIfExists(unfinished);
            }
        }
    }

    private static long lengthOf(PrefixEpochs prefixes) {
        long[] length = {HEADER_LENGTH};
        prefixes.forEach((prefix, epoch) -> length[0] += aligned(RECORD_PREFIX_OFFSET + prefix.length));
        return length[0];
    }

    private static void writeRecords(FileChannel channel, PrefixEpochs prefixes) throws IOException {
        ByteBuffer batch = ByteBuffer.allocateDirect(BATCH_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        CRC32C crc = new CRC32C();
        long[] position = {HEADER_LENGTH};
        IOException[] failure = new IOException[1];
        prefixes.forEach((prefix, epoch) -> {
            if (batch.remaining() < MAX_RECORD_LENGTH + Long.BYTES) {
                position[0] += flush(channel, batch, position[0], failure);
            }
            encode(batch, crc, epoch, KIND_PREFIX, prefix);
        });
        flush(channel, batch, position[0], failure);
        if (failure[0] != null) {
            throw failure[0];
        }
    }

    private static int flush(FileChannel channel, ByteBuffer batch, long position, IOException[] failure) {
        int length = batch.flip().remaining();
        try {
            writeAll(channel, batch, position);
        } catch (IOException e) {
            failure[0] = e;
        }
        batch.clear();
        return length;
    }

    private static void encode(ByteBuffer target, CRC32C crc, long epoch, int kind, byte[] prefix) {
        int start = target.position();
        int length = RECORD_PREFIX_OFFSET + prefix.length;
        int end = start + aligned(length);
        for (int i = start; i < end; i++) {
            target.put(i, (byte) 0);
        }
        target.putInt(start + RECORD_LENGTH_OFFSET, length).putLong(start + RECORD_EPOCH_OFFSET, epoch)
                .putInt(start + RECORD_KIND_OFFSET, kind).put(start + RECORD_PREFIX_OFFSET, prefix);
        crc.reset();
        crc.update(target.duplicate().limit(start + length).position(start + RECORD_EPOCH_OFFSET));
        target.putInt(start + RECORD_CRC_OFFSET, (int) crc.getValue());
        target.position(end);
    }

    private static void writeAll(FileChannel channel, ByteBuffer source, long position) throws IOException {
        long at = position;
        while (source.hasRemaining()) {
            at += channel.write(source, at);
        }
    }

    /**
     * Notes that a prefix was invalidated. When it returns, the invalidation outlives the process.
     *
     * @throws IOException when it could not be written; the journal is as before then. NoSpaceException when the room
     *         reserved ahead is used up and the disk has no more.
     */
    public void append(byte[] prefix, long epoch) throws IOException {
        append(KIND_PREFIX, prefix, epoch);
    }

    /** Notes that everything was invalidated; otherwise as {@link #append(byte[], long)}. */
    public void appendAll(long epoch) throws IOException {
        append(KIND_ALL, new byte[0], epoch);
    }

    private void append(int kind, byte[] prefix, long epoch) throws IOException {
        record.clear();
        encode(record, crc, epoch, kind, prefix);
        int length = record.flip().remaining();
        if (position + length > reservedLength) {
            DiskSpace.reserve(file, reservedLength + ROOM_LENGTH);
            reservedLength += ROOM_LENGTH;
        }
        writeAll(channel, record, position);
        position += length;
    }

    /** Whether most of the file no longer matters. */
    public boolean isCompactionDue() {
        return position > compactionLength;
    }

    /**
     * Writes the file anew with what a table remembers. A full disk leaves it as it is, to be tried again when it has
     * grown further.
     */
    public void compact(JournalHeader header, PrefixEpochs prefixes) throws IOException {
        compactionLength = compactionLength(position);
        Journal fresh = create(file, header, prefixes);
        channel.close();
        channel = fresh.channel;
        position = fresh.position;
        reservedLength = fresh.reservedLength;
        compactionLength = fresh.compactionLength;
    }

    private static long compactionLength(long length) {
        return 4 * length + ROOM_LENGTH / 2;
    }

    /** Waits until the disk has all of it. */
    public void force() throws IOException {
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
