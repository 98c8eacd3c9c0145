package io.tiercel.eviction;

/**
 * Keeps what the best of four known rules would keep. Not threadsafe; single writer: the shard agent.
 *
 * <p>Idea: no rule is near the best for all workloads, and each is cheap to imagine: shadows of GDSF, LIRS, S3-FIFO and
 * W-TinyLFU see the requests for a sample of the keys. The rule whose shadow had the most hits of late is followed: what is
 * kept goes by it. What another shadow holds and is not kept is absent: it cannot come back before it is asked for. So
 * another is followed only once its lead, in hits of late, is a fifth of what it would find absent.
 *
 * <p>Cost: O(1) amortised a request, and four times that for one of the sample; a change of the rule is spread over the
 * requests behind it. No locks. On the heap nothing that grows with the entries but pointers to chunks of 4,096 rows;
 * outside {@value KeptEntries#LENGTH} bytes a row and 4 to 8 for its bucket. There is a row for each entry that is kept or
 * that the rule remembers, which are one to two for each that is kept. The frequency sketch has 5 to 10 bytes for each of
 * the most entries, the sample next to nothing of many.
 *
 * <p>Invariants: the kept entries never weigh more than the capacity when a call returns; the listener has heard exactly
 * what they weigh at each place. Decisions do not depend on the clock; on the secret only in what is of the sample, and where
 * counts of the sketch or tags collide.
 *
 * <p>What we changed: all bounds are bytes; one table for all shadows, and one for what is kept.
 *
 * <p>Sources: 1. I. Ari et al., "ACME: Adaptive Caching Using Multiple Experts", WDAS 2002, section 3 (virtual caches and
 * a pool of experts). 2. G. Vietri et al., "Driving Cache Replacement with ML-based LeCaR", HotStorage 2018, section 3
 * (regret that fades). The rules and {@link Shadows} name their own.
 */
public final class AdaptivePolicy implements EvictionPolicy {
    private static final double SKETCH_PERIODS = 10;
    private static final int LEAST_SKETCH_ENTRIES = 128;

    private final FrequencySketch sketch;
    private final Shadows shadows;
    private final KeptEntries kept;
    private final long tagSecret;
    private long capacity;
    private int followed;
    private int changeCount;

    /**
     * @param capacity    most bytes that are kept.
     * @param mostEntries that the tier may hold; sizes the sketch. More are correct, and judged less sharply.
     * @param secret      by which hashes are spread: what clients must not know. The same one gives the same decisions.
     * @param listener    hears of bytes kept.
     */
    public AdaptivePolicy(long capacity, long mostEntries, long secret, Listener listener) {
        this(capacity, mostEntries, secret, listener, Shadows.MOST_SAMPLED);
    }

    /** @param mostSampled kept entries that a sample has at most. */
    AdaptivePolicy(long capacity, long mostEntries, long secret, Listener listener, int mostSampled) {
        checkCapacity(capacity);
        if (mostEntries < 1) {
            throw new IllegalArgumentException("mostEntries=" + mostEntries + ": expected at least 1");
        }
        this.capacity = capacity;
        this.tagSecret = Mixer.mix(secret);
        this.sketch = new FrequencySketch(mostEntries, Mixer.mix(secret + 1));
        this.shadows = new Shadows(capacity, mostSampled, sketch);
        this.kept = new KeptEntries(capacity, sketch, listener, shadows);
    }

    @Override
    public boolean onRequest(long hash, long weight, int place) {
        if (weight < 1) {
            throw new IllegalArgumentException("weight=" + weight + ": expected at least 1");
        }
        long tag = tagOf(hash);
        if (weight > Math.min(capacity, EntryTable.MOST_WEIGHT)) {
            boolean wasKept = kept.contains(tag);
            remove(tag);
            return wasKept;
        }
        sketch.increment(tag, Math.max(kept.count(), LEAST_SKETCH_ENTRIES) * SKETCH_PERIODS);
        boolean isPreferred = false;
        if (shadows.isSampled(tag)) {
            followBest();
            isPreferred = shadows.onRequest(tag, weight, kept.count(), followed);
        }
        return kept.onRequest(tag, weight, place, isPreferred);
    }

    private void followBest() {
        int best = kept.isSettled() ? shadows.best(followed) : followed;
        if (best != followed) {
            followed = best;
            changeCount++;
            kept.follow(best);
        }
    }

    @Override
    public void onMoved(long hash, int place) {
        kept.onMoved(tagOf(hash), place);
    }

    @Override
    public void onRemove(long hash) {
        remove(tagOf(hash));
    }

    private void remove(long tag) {
        shadows.remove(tag);
        kept.remove(tag);
    }

    @Override
    public boolean isKept(long hash) {
        return kept.contains(tagOf(hash));
    }

    private long tagOf(long hash) {
        return EntryTable.tagOf(hash, tagSecret);
    }

    @Override
    public long capacity() {
        return capacity;
    }

    @Override
    public void capacity(long bytes) {
        checkCapacity(bytes);
        capacity = bytes;
        shadows.capacity(bytes);
        kept.capacity(bytes);
    }

    @Override
    public long keptBytes() {
        return kept.bytes();
    }

    @Override
    public long keptCount() {
        return kept.count();
    }

    /** How often another rule was followed than before. */
    int changeCount() {
        return changeCount;
    }

    /** The shadows follow one key in so many. */
    int sampleRate() {
        return shadows.rate();
    }

    /** Rows in use: what is kept and remembered, and what shadows hold or remember. */
    public int rowCount() {
        return kept.rowCount() + shadows.rowCount();
    }

    /** Bytes outside the heap. */
    public long offHeapBytes() {
        return kept.allocatedBytes() + shadows.allocatedBytes() + sketch.allocatedBytes();
    }

    @Override
    public void close() {
        kept.close();
        shadows.close();
        sketch.close();
    }

    private static void checkCapacity(long capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity=" + capacity + ": expected at least 1");
        }
    }
}
