package io.tiercel.shard;

import io.tiercel.Key;
import io.tiercel.load.ListQuery;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The two listings of a folder that are kept; every other is made of one of them. */
enum ListingVariant {
    /** Its entries. */
    DIRECT("list"),
    /** Everything below it. */
    RECURSIVE("list-all");

    private final String keyName;

    ListingVariant(String keyName) {
        this.keyName = keyName;
    }

    /** Under which key it is kept; null when that would be too long. */
    @Nullable
    Key keyOf(String folder) {
        return Key.derived(folder, keyName);
    }

    /** The one that a query asks for as it is; null when it asks for something made of one. */
    static @Nullable ListingVariant of(ListQuery query) {
        if (query.hasGlob()) {
            return null;
        }
        return switch (query.depth()) {
            case 0 -> DIRECT;
            case Integer.MAX_VALUE -> RECURSIVE;
            default -> null;
        };
    }

    /** Keys of the listings that hold all that a query shows, the smallest first. */
    static List<Key> answering(ListQuery query) {
        List<@Nullable Key> keys = new ArrayList<>();
        String base = query.base();
        if (query.depthBelowBase() <= 0) {
            keys.add(DIRECT.keyOf(base));
        }
        keys.add(RECURSIVE.keyOf(base));
        if (!base.equals(query.path())) {
            keys.add(RECURSIVE.keyOf(query.path()));
        }
        List<Key> known = new ArrayList<>(keys.size());
        for (Key key : keys) {
            if (key != null) {
                known.add(key);
            }
        }
        return known;
    }

    /** Keys of the listings that may show a path, or say that it is no folder: those of itself and its ancestors. */
    static List<Key> showing(String path) {
        List<Key> keys = new ArrayList<>();
        String folder = path;
        while (true) {
            for (ListingVariant variant : values()) {
                Key key = variant.keyOf(folder);
                if (key != null) {
                    keys.add(key);
                }
            }
            if (folder.isEmpty()) {
                return keys;
            }
            folder = folder.substring(0, Math.max(0, folder.lastIndexOf('/')));
        }
    }
}
