package io.tiercel.bench.jmh;

/** Counts what reads found, so that no benchmark of hits ever times misses. Not threadsafe. */
final class HitCount {
    private long hits;
    private long misses;

    /** Answers what it counts. */
    boolean count(boolean isHit) {
        if (isHit) {
            hits++;
        } else {
            misses++;
        }
        return isHit;
    }

    /** @throws IllegalStateException unless there were reads and every one was a hit. */
    void requireAllHits() {
        if (hits == 0 || misses > 0) {
            throw new IllegalStateException("hits=" + hits + " misses=" + misses + " expected hits alone");
        }
    }
}
