package io.tiercel.bench.load;

/**
 * How reads come. Immutable.
 *
 * @param rate reads a second, each due at its time whether or not the one before is back; 0: each as soon as the one
 *            before is back.
 */
public record Load(long rate, long durationNs) {
    /** One read after the other. */
    public static Load closed(long durationNs) {
        return new Load(0, durationNs);
    }

    public boolean isClosed() {
        return rate == 0;
    }
}
