package io.tiercel.index;

/**
 * The map from a key's hash to the place of its live frame. Of fixed size. Single writer: the shard agent.
 *
 * <p>It knows no keys: whoever finds a place compares the key that lies there, so that two keys of one hash make a miss
 * and never each other's bytes.
 */
public interface FrameIndex extends AutoCloseable {
    /** Looks a hash up; false leaves {@code out} as it was. Allocates nothing. */
    boolean find(long hash, FramePlace out);

    /** Sets the place of a hash, over any before; false, and nothing changed, when the index is full. */
    boolean put(long hash, FramePlace place);

    /** Forgets a hash; one that is not there is ignored. */
    void remove(long hash);

    /** Hashes that have a place. */
    long count();

    /** Most hashes that may have one. */
    long capacity();

    /** Writes everything to the file, whose content may be opened again after. */
    @Override
    void close();
}
