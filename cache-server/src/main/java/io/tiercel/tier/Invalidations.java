package io.tiercel.tier;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.invalidation.Journal;
import io.tiercel.invalidation.JournalHeader;
import io.tiercel.invalidation.PrefixEpochs;
import io.tiercel.mapped.ControlFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Invalidations by prefix in the order that makes them hold: journal, then table, then the filter that clients look
 * into, then the epoch that sends them there, then the acknowledgement. Single writer: the shard agent.
 */
final class Invalidations {
    private static final Logger LOG = LoggerFactory.getLogger(Invalidations.class);
    private static final DirectBuffer ALL = new UnsafeBuffer(new byte[0]);

    private final ControlFile control;
    private final Journal journal;
    private final PrefixEpochs prefixes;
    private final JournalHeader header;
    private long epoch;
    private long sweptEpoch;
    private long retiredEpoch;

    Invalidations(ControlFile control, Journal journal, PrefixEpochs prefixes, JournalHeader header) {
        this.control = control;
        this.journal = journal;
        this.prefixes = prefixes;
        this.header = header;
        this.epoch = header.epoch();
    }

    long epoch() {
        return epoch;
    }

    int prefixes() {
        return prefixes.count();
    }

    /** Begins to check everything older in the segments: what is invalidated until now can be forgotten at the end. */
    void beginSweep() {
        sweptEpoch = prefixes.seal();
    }

    /** Epoch up to which prefixes were forgotten, after everything older in the segments was checked against them. */
    long retiredEpoch() {
        return retiredEpoch;
    }

    /** Whether a frame in a segment is dead by a prefix. */
    boolean isStale(DirectBuffer key, int offset, int length, long frameEpoch) {
        return prefixes.isStale(key, offset, length, frameEpoch);
    }

    /**
     * Whether what began to load at an epoch, and lies in no segment yet, is dead. What is older than a forgotten
     * prefix cannot be told any more: it counts as dead.
     */
    boolean isLoadStale(Key key, long loadEpoch) {
        return loadEpoch < retiredEpoch || prefixes.isStale(key.buffer(), 0, key.length(), loadEpoch);
    }

    long invalidatePrefix(Key prefix) {
        long next = epoch + 1;
        try {
            journal.append(bytesOf(prefix), next);
        } catch (IOException e) {
            throw refused(e);
        }
        prefixes.invalidate(prefix.buffer(), 0, prefix.length(), next);
        control.filterInvalidation(prefix.buffer(), 0, prefix.length(), next);
        return acknowledge(next);
    }

    /** Covers frames of a key that nobody has found yet, and not what lies under it. */
    void invalidateKey(Key key) {
        long next = epoch + 1;
        try {
            journal.appendKey(bytesOf(key), next);
        } catch (IOException e) {
            throw refused(e);
        }
        prefixes.invalidateKey(key.buffer(), 0, key.length(), next);
        control.filterInvalidation(key.buffer(), 0, key.length(), next);
        acknowledge(next);
    }

    /**
     * Covers what other stores brought than answer from now on.
     *
     * @param replaced prefixes of mounts, empty for the root, that have another store now, or none.
     * @param kept     prefixes of mounts under them whose frames stay.
     */
    long replaceStores(List<String> replaced, List<String> kept) {
        long next = epoch + 1;
        List<UnsafeBuffer> spared = buffersOf(kept);
        List<UnsafeBuffer> others = buffersOf(replaced);
        try {
            for (UnsafeBuffer prefix : spared) {
                journal.appendSpared(prefix.byteArray(), next);
            }
            for (UnsafeBuffer prefix : others) {
                journal.appendReplaced(prefix.byteArray(), next);
            }
        } catch (IOException e) {
            throw refused(e);
        }
        spared.forEach(prefix -> prefixes.spareMount(prefix, 0, prefix.capacity(), next));
        others.forEach(prefix -> prefixes.replaceStore(prefix, 0, prefix.capacity(), next));
        others.forEach(prefix -> control.filterInvalidation(prefix, 0, prefix.capacity(), next));
        return acknowledge(next);
    }

    private static List<UnsafeBuffer> buffersOf(List<String> texts) {
        return texts.stream().map(text -> new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8))).toList();
    }

    private static byte[] bytesOf(Key key) {
        byte[] bytes = new byte[key.length()];
        key.buffer().getBytes(0, bytes);
        return bytes;
    }

    long invalidateAll() {
        long next = epoch + 1;
        try {
            journal.appendAll(next);
        } catch (IOException e) {
            throw refused(e);
        }
        prefixes.invalidateAll(next);
        control.filterInvalidation(ALL, 0, 0, next);
        return acknowledge(next);
    }

    private long acknowledge(long next) {
        epoch = next;
        control.invalidationEpochVolatile(next);
        if (journal.isCompacting()) {
            compactSome(Journal.RECORDS_AN_APPEND);
        }
        return next;
    }

    private static TiercelException refused(IOException e) {
        return new TiercelException(ErrorCode.NO_SPACE, "the invalidation cannot be journalled, nothing changed: "
                + (e.getMessage() == null ? e.toString() : e.getMessage()), e);
    }

    /** Forgets the prefixes of before {@link #beginSweep}: every frame in a segment has been checked against them. */
    void endSweep() {
        retiredEpoch = Math.max(retiredEpoch, sweptEpoch);
        prefixes.retireSealed();
    }

    /** Goes on to write the journal anew, when most of it no longer matters. Answers records looked at. */
    int compactWhenDue() {
        return journal.isCompactionDue() ? compactSome(Journal.RECORDS_A_TURN) : 0;
    }

    private int compactSome(int records) {
        try {
            return journal.compactSome(records, new JournalHeader(header.storeId(), header.openCount(), epoch,
                    prefixes.journalFloor(), header.bootId()), prefixes);
        } catch (IOException e) {
            LOG.warn("the journal was not compacted, it is tried again later: {}", e.getMessage());
            return 0;
        }
    }

    /** Waits until the disk has the journal, and gives it up. */
    void close() throws IOException {
        try {
            journal.force();
        } finally {
            journal.close();
        }
    }
}
