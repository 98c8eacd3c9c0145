package io.tiercel.invalidation;

import static io.tiercel.invalidation.JournalDescriptor.*;

import io.tiercel.segment.DiskSpace;
import io.tiercel.segment.NoSpaceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The acknowledged invalidations by prefix: append-only, each with its length and CRC-32C, in space that was reserved
 * ahead. Single writer: the shard agent.
 *
 * <p>An append is one write(2): what it wrote is there for the next process whatever becomes of this one. A machine
 * that loses power may lose it, and starts with empty tiers for that reason. When the file has grown to several times
 * what still matters, it is written anew, a few records at a time, and takes the old one's name when it is whole.
 */
public final class Journal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final int ROOM_LENGTH = 1 << 20;
    /** Records that are looked at in a turn: tens of microseconds, by which a request may be delayed. */
    public static final int RECORDS_A_TURN = 256;
    /** Records that are looked at with each append, so that the new journal catches up however many come. */
    public static final int RECORDS_AN_APPEND = 8;
    /** Bytes of a replaced file that are given back to the disk in a turn: all at once would take milliseconds. */
    private static final int GIVEN_BACK_A_TURN = 1 << 19;
    /** Names so long that this is exceeded cost the cache. */
    private static final long MOST_KEPT_LENGTH = 1 << 28;

    private final Path file;
    private final ByteBuffer record = ByteBuffer.allocateDirect(MAX_RECORD_LENGTH + Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();
    private FileChannel channel;
    private long position;
    private long reservedLength;
    private long compactionLength;
    private @Nullable JournalCompaction compaction;
    private @Nullable FileChannel replaced;

    private Journal(Path file, FileChannel channel, long position, long reservedLength) {
        this.file = file;
        this.channel = channel;
        this.position = position;
        this.reservedLength = reservedLength;
        this.compactionLength = compactionLength(position);
    }

    /**
     * Writes a journal of a header alone, in place of any before.
     *
     * @throws NoSpaceException when the disk is full; the file before is untouched then.
     */
    public static Journal create(Path file, JournalHeader header) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        FileChannel channel = null;
        boolean done = false;
        try {
            DiskSpace.reserve(unfinished, HEADER_LENGTH + ROOM_LENGTH);
            channel = FileChannel.open(unfinished, StandardOpenOption.READ, StandardOpenOption.WRITE);
            writeAll(channel, header.encode().clear(), 0L);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            done = true;
            return new Journal(file, channel, HEADER_LENGTH, HEADER_LENGTH + ROOM_LENGTH);
        } finally {
            if (!done) {
                if (channel != null) {
                    channel.close();
                }
                Files.deleteIfExists(unfinished);
            }
        }
    }

    /**
     * Writes a journal of a header and of what still matters in the one before, which a reader judged to be whole; in
     * its place.
     *
     * @param end      where the last record of the one before ends.
     * @param prefixes that were made of it.
     * @throws NoSpaceException when the disk is full; the file before is untouched then.
     */
    public static Journal takeOver(Path file, long end, JournalHeader header, PrefixEpochs prefixes)
            throws IOException {
        try (FileChannel before = FileChannel.open(file, StandardOpenOption.READ);
                JournalCompaction compaction = new JournalCompaction(file, before)) {
            while (compaction.position() < end) {
                compaction.copySome(Integer.MAX_VALUE, end, prefixes);
            }
            FileChannel channel = compaction.finish(header);
            return new Journal(file, channel, compaction.length(), compaction.reservedLength());
        }
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

    static void writeAll(FileChannel channel, ByteBuffer source, long position) throws IOException {
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

    /** Notes that a key was invalidated, and not what lies under it; otherwise as {@link #append(byte[], long)}. */
    public void appendKey(byte[] key, long epoch) throws IOException {
        append(KIND_KEY, key, epoch);
    }

    /**
     * Notes that another store answers at and under a prefix, spared mounts aside; otherwise as
     * {@link #append(byte[], long)}.
     */
    public void appendReplaced(byte[] prefix, long epoch) throws IOException {
        append(KIND_REPLACED, prefix, epoch);
    }

    /**
     * Notes that a mount keeps its store whatever is replaced above it at that epoch: to be noted before that is.
     * Otherwise as {@link #append(byte[], long)}.
     */
    public void appendSpared(byte[] prefix, long epoch) throws IOException {
        append(KIND_SPARED, prefix, epoch);
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
        writeRecord();
        position += length;
    }

    /**
     * Writes in spite of interrupts, which close a channel for good: it is opened again, and the interrupt stays for who
     * waits for it.
     */
    private void writeRecord() throws IOException {
        boolean isInterrupted = Thread.interrupted();
        try {
            if (!channel.isOpen()) {
                reopen();
            }
            try {
                writeAll(channel, record, position);
            } catch (ClosedByInterruptException e) {
                isInterrupted = Thread.interrupted();
                reopen();
                writeAll(channel, record.rewind(), position);
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What was being written anew read by the channel that is lost, and begins anew. */
    private void reopen() throws IOException {
        giveUpCompaction();
        channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Whether {@link #compactSome} has something to do: most of the file may matter no longer. */
    public boolean isCompactionDue() {
        return compaction != null || replaced != null || position > compactionLength;
    }

    /** Whether the file is being written anew. */
    public boolean isCompacting() {
        return compaction != null;
    }

    /**
     * Goes on to write the file anew with what still matters, for a few records. Until it is whole, and with all that was
     * appended meanwhile, the file stays as it is.
     *
     * @param most     records that are looked at.
     * @param header   of the new file, as of now.
     * @param prefixes that the records made.
     * @return records looked at, or 1 for another step.
     * @throws IOException when it failed, as by a full disk; it begins again when the file has grown further.
     */
    public int compactSome(int most, JournalHeader header, PrefixEpochs prefixes) throws IOException {
        if (!isCompactionDue()) {
            return 0;
        }
        try {
            return replaced == null ? copySome(most, header, prefixes) : giveBack(replaced);
        } catch (JournalDamagedException e) {
            giveUpCompaction();
            LOG.warn("everything is invalidated, since what was is not known any more: {}", e.getMessage());
            prefixes.invalidateAll(header.epoch());
            goOnWith(create(file, header.withFloor(header.epoch())));
            return 0;
        } catch (IOException e) {
            compactionLength = compactionLength(position);
            giveUpCompaction();
            giveUpReplaced();
            throw e;
        }
    }

    private int copySome(int most, JournalHeader header, PrefixEpochs prefixes) throws IOException {
        JournalCompaction running = compaction;
        if (running == null) {
            running = new JournalCompaction(file, channel);
            compaction = running;
        }
        int looked = running.copySome(most, position, prefixes);
        if (running.length() > MOST_KEPT_LENGTH) {
            prefixes.invalidateAll(prefixes.latestEpoch());
            giveUpCompaction();
        } else if (running.position() == position) {
            FileChannel finished = running.finish(header);
            compaction = null;
            goOnWith(new Journal(file, finished, running.length(), running.reservedLength()));
        }
        return looked;
    }

    private void goOnWith(Journal fresh) {
        replaced = channel;
        channel = fresh.channel;
        position = fresh.position;
        reservedLength = fresh.reservedLength;
        compactionLength = fresh.compactionLength;
    }

    private int giveBack(FileChannel old) throws IOException {
        long left = old.size() - GIVEN_BACK_A_TURN;
        if (left > 0) {
            old.truncate(left);
        } else {
            replaced = null;
            old.close();
        }
        return 1;
    }

    private void giveUpCompaction() throws IOException {
        JournalCompaction running = compaction;
        compaction = null;
        if (running != null) {
            running.close();
        }
    }

    /** Its space comes back to the disk at once, which may take a while. */
    private void giveUpReplaced() throws IOException {
        FileChannel old = replaced;
        replaced = null;
        if (old != null) {
            old.close();
        }
    }

    private static long compactionLength(long length) {
        return 2 * length + ROOM_LENGTH;
    }

    /** Waits until the disk has all of it. */
    public void force() throws IOException {
        if (!channel.isOpen()) {
            reopen();
        }
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        giveUpCompaction();
        giveUpReplaced();
        channel.close();
    }
}
