package io.tiercel.load;

import io.tiercel.Key;
import java.util.Collection;
import java.util.List;

/**
 * The prefixes of mounts at which another store answers than before, or none, and those of mounts under them that keep
 * theirs. Immutable.
 */
public final class ReplacedStores {
    private final List<String> prefixes;
    private final List<String> kept;

    private ReplacedStores(List<String> prefixes, List<String> kept) {
        this.prefixes = prefixes;
        this.kept = kept;
    }

    /**
     * Some prefixes, and of all mounts that keep their store those under them.
     *
     * @param prefixes normalised, empty for the root.
     * @param mounts   prefixes of all mounts that keep their store, wherever they are.
     */
    public static ReplacedStores of(Collection<String> prefixes, Collection<String> mounts) {
        List<String> kept = mounts.stream().filter(mount -> longestOf(prefixes, mount) >= 0).toList();
        return new ReplacedStores(List.copyOf(prefixes), kept);
    }

    /** Where another store answers, in the order given. */
    public List<String> prefixes() {
        return prefixes;
    }

    /** Mounts under those that keep their stores, and what is cached of them. */
    public List<String> kept() {
        return kept;
    }

    public boolean isEmpty() {
        return prefixes.isEmpty();
    }

    /** Whether what is known of a key may be of a store that was replaced. */
    public boolean covers(Key key) {
        String path = key.toString();
        return longestOf(prefixes, path) > longestOf(kept, path);
    }

    /** Length of the longest prefix that covers a path, -1 for none. */
    private static int longestOf(Collection<String> prefixes, String path) {
        return prefixes.stream().filter(prefix -> Mount.covers(prefix, path)).mapToInt(String::length).max().orElse(-1);
    }
}
