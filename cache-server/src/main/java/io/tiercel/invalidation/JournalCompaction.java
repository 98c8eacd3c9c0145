package io.tiercel.invalidation;

import static io.tiercel.invalidation.JournalDescriptor.*;

import io.tiercel.segment.DiskSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A journal that is written anew beside the one it will replace: records that still matter are copied in their order, a
 * few at a time. What is appended to the old one meanwhile is copied as well, since it lies behind. The old one is the
 * truth until the new one, whole, takes its name. Not threadsafe: single writer, the shard agent.
 */
final class JournalCompaction implements AutoCloseable {
    private static final int CHUNK_LENGTH = 1 << 15;
    private static final int RESERVE_LENGTH = 1 << 18;

    private final Path file;
    private final Path unfinished;
    private final FileChannel from;
    private final FileChannel to;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private final UnsafeBuffer bytes = new UnsafeBuffer(chunk);
    private final ByteBuffer kept = ByteBuffer.allocate(CHUNK_LENGTH);
    private final CRC32C crc = new CRC32C();
    private long position = HEADER_LENGTH;
    private long length = HEADER_LENGTH;
    private long reservedLength;
    private boolean done;

    /**
     * @param file to be replaced.
     * @param from the file, open for reading; stays open.
     * @throws io.tiercel.segment.NoSpaceException when the disk is full.
     */
    JournalCompaction(Path file, FileChannel from) throws IOException {
        this.file = file;
        this.from = from;
        this.unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        reserve();
        this.to = FileChannel.open(unfinished, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private void reserve() throws IOException {
        DiskSpace.reserve(unfinished, reservedLength + RESERVE_LENGTH);
        reservedLength += RESERVE_LENGTH;
    }

    /**
     * Copies what still matters of the next records.
     *
     * @param most records that are looked at.
     * @param end  where the last record of the old journal ends.
     * @return how many were looked at.
     * @throws JournalDamagedException when a record of the old journal does not pass.
     */
    int copySome(int most, long end, PrefixEpochs prefixes) throws IOException {
        chunk.clear().limit((int) Math.min(CHUNK_LENGTH, end - position));
        readFully();
        kept.clear();
        int at = 0;
        int looked = 0;
        while (looked < most && at + RECORD_PREFIX_OFFSET <= chunk.limit()) {
            int recordLength = chunk.getInt(at + RECORD_LENGTH_OFFSET);
            if (recordLength < RECORD_PREFIX_OFFSET || recordLength > MAX_RECORD_LENGTH) {
                throw new JournalDamagedException(file, position + at);
            }
            int next = at + aligned(recordLength);
            if (next > chunk.limit()) {
                break;
            }
            if (!isIntact(at, recordLength)) {
                throw new JournalDamagedException(file, position + at);
            }
            if (isRemembered(at, recordLength, prefixes)) {
                kept.put(chunk.array(), at, next - at);
            }
            at = next;
            looked++;
        }
        if (looked == 0 && position < end) {
            throw new JournalDamagedException(file, position);
        }
        position += at;
        writeKept();
        return looked;
    }

    private void readFully() throws IOException {
        while (chunk.hasRemaining()) {
            if (from.read(chunk, position + chunk.position()) < 0) {
                throw new JournalDamagedException(file, position + chunk.position());
            }
        }
        chunk.flip();
    }

    private boolean isIntact(int at, int recordLength) {
        crc.reset();
        crc.update(chunk.array(), at + RECORD_EPOCH_OFFSET, recordLength - RECORD_EPOCH_OFFSET);
        return (int) crc.getValue() == chunk.getInt(at + RECORD_CRC_OFFSET);
    }

    private boolean isRemembered(int at, int recordLength, PrefixEpochs prefixes) {
        long epoch = chunk.getLong(at + RECORD_EPOCH_OFFSET);
        int kind = chunk.getInt(at + RECORD_KIND_OFFSET);
        int offset = at + RECORD_PREFIX_OFFSET;
        int prefixLength = recordLength - RECORD_PREFIX_OFFSET;
        return switch (kind) {
            case KIND_ALL -> epoch > prefixes.floor();
            case KIND_REPLACED, KIND_SPARED ->
                prefixes.isChangeRemembered(bytes, offset, prefixLength, kind == KIND_SPARED, epoch);
            default -> prefixes.isRemembered(bytes, offset, prefixLength, kind == KIND_KEY, epoch);
        };
    }

    private void writeKept() throws IOException {
        kept.flip();
        while (length + kept.remaining() > reservedLength) {
            reserve();
        }
        length += kept.remaining();
        Journal.writeAll(to, kept, length - kept.remaining());
    }

    /** Where in the old journal it has come to. */
    long position() {
        return position;
    }

    /** Bytes of the new journal until now. */
    long length() {
        return length;
    }

    /** Bytes that are reserved for it. */
    long reservedLength() {
        return reservedLength;
    }

    /** Puts the new journal, of which nothing is missing but its header, in the old one's place. It is open for both. */
    FileChannel finish(JournalHeader header) throws IOException {
        Journal.writeAll(to, header.encode().clear(), 0L);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        done = true;
        return to;
    }

    /** Gives an unfinished one up; the old one is as it was. */
    @Override
    public void close() throws IOException {
        if (!done) {
            to.close();
            Files.deleteIfExists(unfinished);
        }
    }
}
