package io.tiercel.bench.load;

/** A way to read values that another process holds. Not threadsafe. */
public interface ReadPath extends AutoCloseable {
    /**
     * Reads one value and gives it up again.
     *
     * @return whether it was there.
     * @throws RuntimeException when no answer comes in time, one that makes no sense, or another value's bytes.
     */
    boolean read();

    /** How many values one call of {@link #read()} reads. */
    default int valuesPerRead() {
        return 1;
    }

    /** Ends what was begun for it. */
    @Override
    void close();
}
