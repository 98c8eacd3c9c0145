package io.tiercel.bench.jmh;

/** A way to read a payload that another process holds. Not threadsafe. */
interface ReadPath extends AutoCloseable {
    /**
     * Reads one payload and gives it up again.
     *
     * @return whether it was there, and was the one asked for, of its length.
     * @throws RuntimeException when no answer comes in time.
     */
    boolean read();

    /** Ends the other process as well. */
    @Override
    void close();
}
