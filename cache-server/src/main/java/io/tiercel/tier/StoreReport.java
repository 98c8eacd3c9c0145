package io.tiercel.tier;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@link StoreVerifier} found in a directory. Filled by it, then not changed. Not threadsafe.
 */
public final class StoreReport {
    /** One thing that is not as it should be. */
    public record Damage(String file, long offset, String what) {}

    /** Most damages that are named; the rest are counted. */
    public static final int MOST_NAMED = 1000;

    private final List<Damage> damages = new ArrayList<>();
    private long damageCount;

    boolean cleanStop;
    int files;
    long bytes;
    int segments;
    long live;
    long dead;
    long torn;
    long superseded;
    long indexEntries;
    boolean indexChecked;

    void damage(String file, long offset, String what) {
        damageCount++;
        if (damages.size() < MOST_NAMED) {
            damages.add(new Damage(file, offset, what));
        }
    }

    /** The first {@link #MOST_NAMED} damages, in the order of the check. */
    public List<Damage> damages() {
        return List.copyOf(damages);
    }

    public long damageCount() {
        return damageCount;
    }

    /** Whether the node before stopped cleanly: only then is there an index to check. */
    public boolean isCleanStop() {
        return cleanStop;
    }

    /** Files that were looked at. */
    public int files() {
        return files;
    }

    /** Bytes of all of them. */
    public long bytes() {
        return bytes;
    }

    public int segments() {
        return segments;
    }

    /** Frames that are published, checksums right or not. */
    public long live() {
        return live;
    }

    /** Frames that are over. */
    public long dead() {
        return dead;
    }

    /** Frames whose writer never published them. */
    public long torn() {
        return torn;
    }

    /** Live frames of a key of which there is one of a higher sequence: what a kill may leave, a clean stop not. */
    public long superseded() {
        return superseded;
    }

    public boolean isIndexChecked() {
        return indexChecked;
    }

    public long indexEntries() {
        return indexEntries;
    }
}
