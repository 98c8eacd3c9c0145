package io.tiercel.eviction;

/**
 * Which shadow had the most hits of late. A hit counts less the longer ago it was, by half after as many requests as
 * four times the entries that are kept. Not threadsafe; single writer: the shard agent.
 */
final class ShadowScores {
    private static final double HALF_LIVES = 4;
    private static final int LEAST_ENTRIES = 64;
    private static final double RESCALE_ABOVE = 1e100;

    private final double[] scores;
    private double worth = 1;
    private double growth;
    private int grownFor = -1;

    ShadowScores(int count) {
        this.scores = new double[count];
    }

    /** A request follows, with so many entries kept: what was counted before weighs a little less. */
    void onRequest(int entries) {
        int most = Math.max(entries, LEAST_ENTRIES);
        if (Math.abs(most - grownFor) > grownFor >> 4) {
            grownFor = most;
            growth = Math.exp(Math.log(2) / (HALF_LIVES * most));
        }
        worth *= growth;
        if (worth > RESCALE_ABOVE) {
            for (int i = 0; i < scores.length; i++) {
                scores[i] /= worth;
            }
            worth = 1;
        }
    }

    void onHit(int shadow) {
        scores[shadow] += worth;
    }

    /** By how many hits, faded, a shadow leads another. */
    double lead(int shadow, int other) {
        return (scores[shadow] - scores[other]) / worth;
    }

    /** The best; where several are, the one that was followed, or the first. */
    int best(int followed) {
        int best = followed;
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] > scores[best]) {
                best = i;
            }
        }
        return best;
    }
}
