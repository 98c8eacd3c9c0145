package io.tiercel.tier;

import io.tiercel.Key;
import io.tiercel.invalidation.Journal;
import io.tiercel.invalidation.JournalHeader;
import io.tiercel.invalidation.PrefixEpochs;
import io.tiercel.mapped.ControlFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** The invalidations of a node without its store. Single writer, any thread may check, as with the node's own. */
public final class InvalidationsFixture {
    private static final int MAX_PREFIXES = 1024;

    private final Invalidations invalidations;

    public InvalidationsFixture(ControlFile control, Journal journal) {
        this.invalidations = new Invalidations(control, journal, new PrefixEpochs(MAX_PREFIXES), header());
    }

    /** A journal that several may share, as long as one thread writes to all of them. */
    public static Journal journal(Path file) {
        try {
            return Journal.create(file, header());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JournalHeader header() {
        return new JournalHeader(1L, 1L, 0L, 0L, "");
    }

    /** Writer. */
    public long epoch() {
        return invalidations.epoch();
    }

    /** Writer: it is acknowledged when this returns. */
    public void invalidate(Key prefix) {
        invalidations.invalidatePrefix(prefix);
    }

    /** Whether what began to load at an epoch is dead. Any thread. */
    public boolean isStale(Key key, long epoch) {
        return invalidations.isStale(key.buffer(), 0, key.length(), epoch);
    }

    /** The writer again: forgets what was invalidated, as if every frame had been swept. */
    public void sweep() {
        invalidations.beginSweep();
        invalidations.endSweep();
        invalidations.compactWhenDue();
    }
}
