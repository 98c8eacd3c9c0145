package io.tiercel.invalidation;

import static io.tiercel.invalidation.JournalDescriptor.*;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal that a node left behind.
 *
 * <p>A record that does not pass is a torn tail when a write that was cut short explains it: the kernel copies page by
 * page, so from some page boundary on there is nothing but the zeroes that were reserved. It was never acknowledged
 * and is cut off. Anything else is damage, behind which acknowledged invalidations may be lost: then nothing that the
 * directory holds may be served.
 */
public final class JournalReader {
    /** What became of reading. */
    public enum Outcome {
        /** There is none. */
        MISSING,
        /** Read to its end, a torn tail aside. */
        WHOLE,
        /** Not to be relied on. */
        DAMAGED,
        /** Of a layout version above what this build reads. */
        NEWER
    }

    private static final int PAGE_LENGTH = 4096;
    private static final int MAX_LENGTH = 1 << 30;

    private final ByteBuffer journal;
    private final Outcome outcome;
    private final String defect;
    private final @Nullable JournalHeader header;

    private JournalReader(ByteBuffer journal, Outcome outcome, String defect, @Nullable JournalHeader header) {
        this.journal = journal;
        this.outcome = outcome;
        this.defect = defect;
        this.header = header;
    }

    /** Reads a journal whole, and judges it. */
    public static JournalReader read(Path file) throws IOException {
        ByteBuffer journal;
        try {
            if (Files.size(file) > MAX_LENGTH) {
                return new JournalReader(ByteBuffer.allocate(0), Outcome.DAMAGED, "length=" + Files.size(file), null);
            }
            journal = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        } catch (NoSuchFileException e) {
            return new JournalReader(ByteBuffer.allocate(0), Outcome.MISSING, "no such file", null);
        }
        String defect = JournalHeader.defectOf(journal);
        if (!defect.isEmpty()) {
            Outcome outcome = JournalHeader.isNewer(journal) ? Outcome.NEWER : Outcome.DAMAGED;
            return new JournalReader(journal, outcome, defect, null);
        }
        int end = endOf(journal);
        boolean whole = isZero(journal, end, journal.limit()) || isTorn(journal, end);
        return new JournalReader(journal.duplicate().order(ByteOrder.LITTLE_ENDIAN).limit(end),
                whole ? Outcome.WHOLE : Outcome.DAMAGED, whole ? "" : "record at " + end + " does not pass",
                JournalHeader.decode(journal));
    }

    private static int endOf(ByteBuffer journal) {
        int position = HEADER_LENGTH;
        while (isRecord(journal, position)) {
            position += aligned(journal.getInt(position));
        }
        return position;
    }

    private static boolean isRecord(ByteBuffer journal, int position) {
        if (position > journal.limit() - RECORD_PREFIX_OFFSET) {
            return false;
        }
        int length = journal.getInt(position + RECORD_LENGTH_OFFSET);
        if (length < RECORD_PREFIX_OFFSET || length > MAX_RECORD_LENGTH || length > journal.limit() - position) {
            return false;
        }
        CRC32C crc = new CRC32C();
        crc.update(journal.duplicate().limit(position + length).position(position + RECORD_EPOCH_OFFSET));
        return (int) crc.getValue() == journal.getInt(position + RECORD_CRC_OFFSET);
    }

    private static boolean isTorn(ByteBuffer journal, int position) {
        int boundary = (position / PAGE_LENGTH + 1) * PAGE_LENGTH;
        return boundary < position + MAX_RECORD_LENGTH && isZero(journal, boundary, journal.limit());
    }

    private static boolean isZero(ByteBuffer journal, int from, int to) {
        for (int i = from; i < to; i++) {
            if (journal.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    public Outcome outcome() {
        return outcome;
    }

    /** Why the outcome is not WHOLE, in words. */
    public String defect() {
        return defect;
    }

    /** Where the last record ends. */
    public long end() {
        return journal.limit();
    }

    /** The header, null when it cannot be believed. */
    public @Nullable JournalHeader header() {
        return header;
    }

    /** Takes every record into the table. Answers the highest epoch that the journal knows. */
    public long replay(PrefixEpochs prefixes) {
        long epoch = header == null ? 0L : header.epoch();
        if (header != null && header.floor() > 0) {
            prefixes.invalidateAll(header.floor());
        }
        UnsafeBuffer bytes = new UnsafeBuffer(journal);
        int position = HEADER_LENGTH;
        while (position < journal.limit()) {
            int length = journal.getInt(position);
            long recordEpoch = journal.getLong(position + RECORD_EPOCH_OFFSET);
            replay(prefixes, journal.getInt(position + RECORD_KIND_OFFSET), bytes, position + RECORD_PREFIX_OFFSET,
                    length - RECORD_PREFIX_OFFSET, recordEpoch);
            epoch = Math.max(epoch, recordEpoch);
            position += aligned(length);
        }
        return epoch;
    }

    private static void replay(PrefixEpochs prefixes, int kind, UnsafeBuffer bytes, int offset, int length,
            long epoch) {
        switch (kind) {
            case KIND_ALL -> prefixes.invalidateAll(epoch);
            case KIND_KEY -> prefixes.invalidateKey(bytes, offset, length, epoch);
            case KIND_REPLACED -> prefixes.replaceStore(bytes, offset, length, epoch);
            case KIND_SPARED -> prefixes.spareMount(bytes, offset, length, epoch);
            default -> prefixes.invalidate(bytes, offset, length, epoch);
        }
    }
}
