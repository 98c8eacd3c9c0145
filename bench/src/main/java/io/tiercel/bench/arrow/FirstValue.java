package io.tiercel.bench.arrow;

/** A way to the first value of an Arrow frame. Not threadsafe. */
interface FirstValue extends AutoCloseable {
    /** Fetches the frame, or as much of it as that takes, reads the first value of its first column and gives it up. */
    long read();

    @Override
    void close();
}
