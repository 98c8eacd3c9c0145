package io.tiercel.tier;

import io.tiercel.invalidation.Journal;
import io.tiercel.invalidation.JournalHeader;
import io.tiercel.invalidation.JournalReader;
import io.tiercel.invalidation.PrefixEpochs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the node before left in a directory, and how much of it may be served. Looks and judges, and touches nothing
 * until {@link #discard}. Not threadsafe; one start.
 *
 * <p>All of it after a clean stop; all that segments and journal tell after a kill in the same boot of the machine;
 * nothing after a loss of power, or when the journal cannot be relied on, since an acknowledged invalidation may be
 * missing then.
 */
final class Remains {
    private static final Logger LOG = LoggerFactory.getLogger(Remains.class);

    private final StorePaths paths;
    private final JournalReader journal;
    private final long storeId;
    private final long openCount;
    private final @Nullable CleanMarker clean;
    private final boolean kept;
    private FoundSegments segments;

    private Remains(StorePaths paths, JournalReader journal, FoundSegments segments, @Nullable CleanMarker marker,
            long storeId, String bootId) {
        this.paths = paths;
        this.journal = journal;
        this.segments = segments;
        this.storeId = storeId;
        JournalHeader header = journal.header();
        this.openCount = header == null ? 0 : header.openCount();
        boolean relied = header != null && journal.outcome() == JournalReader.Outcome.WHOLE;
        boolean stopped = relied && marker != null && marker.storeId() == storeId && marker.openCount() == openCount;
        this.clean = stopped ? marker : null;
        this.kept = stopped || (relied && header != null && header.bootId().equals(bootId));
    }

    /**
     * Looks at a directory.
     *
     * @param freshStoreId the directory's number when it has none.
     * @throws io.tiercel.TiercelException CORRUPT when a file is of a newer layout version.
     */
    static Remains of(StorePaths paths, long freshStoreId, String bootId) throws IOException {
        JournalReader journal = JournalReader.read(paths.journal());
        JournalHeader header = journal.header();
        long storeId = header == null ? freshStoreId : header.storeId();
        FoundSegments segments = FoundSegments.in(paths.segments(), storeId);
        CleanMarker marker = CleanMarker.read(paths.cleanMarker());
        ControlKeeper.refuseNewer(paths.control());
        if (journal.outcome() == JournalReader.Outcome.NEWER) {
            throw ControlKeeper.newer(paths.journal(), journal.defect());
        }
        if (marker != null && marker.newer()) {
            throw ControlKeeper.newer(paths.index(), "layoutVersion above " + CleanMarker.LAYOUT_VERSION
                    + ", this build reads " + CleanMarker.LAYOUT_VERSION);
        }
        segments.refuseNewer();
        return new Remains(paths, journal, segments, marker, storeId, bootId);
    }

    /** Number of the directory. */
    long storeId() {
        return storeId;
    }

    /** Starts of nodes on the directory before this one. */
    long openCount() {
        return openCount;
    }

    /** What the clean stop before left to go on with; null when it was none. */
    @Nullable
    CleanMarker clean() {
        return clean;
    }

    FoundSegments segments() {
        return segments;
    }

    /** Takes the invalidations over. Answers the highest epoch. */
    long replay(PrefixEpochs prefixes) {
        return kept ? journal.replay(prefixes) : 0L;
    }

    /** The journal to go on with: what still matters of the one before, or nothing. */
    Journal takeOver(JournalHeader header, PrefixEpochs prefixes) throws IOException {
        return kept
                ? Journal.takeOver(paths.journal(), journal.end(), header, prefixes)
                : Journal.create(paths.journal(), header);
    }

    /** Removes what is not taken over, and first the marker: from here on a crash is one. */
    void discard(StoreCounters counters) throws IOException {
        CleanMarker.remove(paths.cleanMarker());
        if (!kept && !segments.segments().isEmpty()) {
            LOG.warn("the tiers of {} start empty, acknowledged invalidations may be lost: {}", paths.directory(),
                    journal.outcome() == JournalReader.Outcome.WHOLE
                            ? "the machine stopped before the node did"
                            : "the journal cannot be relied on, " + journal.defect());
            counters.damaged += segments.segments().size();
            for (FoundSegments.Found file : segments.segments()) {
                Files.deleteIfExists(file.path());
            }
            segments = new FoundSegments(List.of(), segments.unfinished());
        }
        for (Path unfinished : segments.unfinished()) {
            Files.deleteIfExists(unfinished);
        }
    }
}
