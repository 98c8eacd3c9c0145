package io.tiercel.tier;

import io.tiercel.segment.ReaderDirectory;
import io.tiercel.segment.SegmentTable;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds readers to their pin quota. An honest client is refused here, or by its own library before it pins; one that
 * pins more all the same is revoked: its pins count no more. Single writer: the shard agent.
 */
final class PinQuotas {
    private static final Logger LOG = LoggerFactory.getLogger(PinQuotas.class);
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final ReaderDirectory readers;
    private final SegmentTable segments;
    private final StoreCounters counters;
    private final long quotaBytes;
    /** By reader: what it pinned when that was last counted, and what it was given since, let go or not. */
    private long[] givenBytes = new long[0];
    private boolean started;
    private long lookedNs;

    PinQuotas(StoreParts parts) {
        this.readers = parts.readers();
        this.segments = parts.segments();
        this.counters = parts.counters();
        this.quotaBytes = parts.context().pinQuota();
    }

    /** Why a reader may not be told where a frame lies, for people; empty when it may. Counts the segments rarely. */
    String refusal(int reader, FrameView found) {
        if (readers.isPinnedBy(reader, found.slot())) {
            return "";
        }
        long length = found.fileLength();
        long pinned = reader < givenBytes.length ? givenBytes[reader] : 0L;
        if (pinned + length > quotaBytes) {
            pinned = count(reader);
        }
        if (pinned > 0L && pinned + length > quotaBytes) {
            counters.quotaRefusals++;
            return "lease is refused: pinnedBytes=" + pinned + " and " + length
                    + " more are beyond this client's quota, clients.pinQuota=" + quotaBytes
                    + ": close frames that are no longer read, or read streamed";
        }
        given(reader, pinned + length);
        return "";
    }

    private long count(int reader) {
        long pinned = segments.pinnedBytes(reader);
        given(reader, pinned);
        return pinned;
    }

    private void given(int reader, long bytes) {
        if (reader >= givenBytes.length) {
            givenBytes = Arrays.copyOf(givenBytes, reader + 1);
        }
        givenBytes[reader] = bytes;
    }

    /** Looks at one reader. Answers the number of readers revoked. */
    int doWork(long nowNs) {
        if (started && nowNs - lookedNs < INTERVAL_NS) {
            return 0;
        }
        started = true;
        lookedNs = nowNs;
        int reader = readers.nextGranted();
        if (reader == ReaderDirectory.NO_READER) {
            return 0;
        }
        long pinned = count(reader);
        if (pinned <= quotaBytes || !segments.isBeyond(reader, quotaBytes)) {
            return 0;
        }
        LOG.warn("reader {} is revoked: it wrote pins for pinnedBytes={} into its file, beyond clients.pinQuota={}",
                reader, pinned, quotaBytes);
        readers.revoke(reader);
        counters.revokedReaders++;
        return 1;
    }
}
