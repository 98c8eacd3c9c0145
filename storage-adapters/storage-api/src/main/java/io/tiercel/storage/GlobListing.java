package io.tiercel.storage;

import java.util.ArrayList;
import java.util.List;

/** The files of a listing that a pattern lets through. Not threadsafe. */
final class GlobListing implements ListingCursor {
    private final ListingCursor entries;
    private final Glob pattern;
    private final int skippedSegments;
    private final boolean narrowed;
    private boolean begun;
    private boolean ended;

    private GlobListing(ListingCursor entries, Glob pattern, int skippedSegments, boolean ended) {
        this.entries = entries;
        this.pattern = pattern;
        this.skippedSegments = skippedSegments;
        this.narrowed = !pattern.literalPrefix().isRoot();
        this.ended = ended;
    }

    static ListingCursor begin(StorageAdapter store, StorePath folder, Glob pattern, ListOptions options) {
        StorePath literal = pattern.literalPrefix();
        int depth = Math.min(options.depth() - literal.segmentCount(), pattern.depth());
        ListingCursor entries = store.list(folder.resolve(literal), options.depth(Math.max(0, depth)));
        return new GlobListing(entries, pattern, folder.segmentCount(), depth < 0);
    }

    @Override
    public List<ObjectInfo> nextPage() {
        List<ObjectInfo> matching = new ArrayList<>();
        while (!ended && matching.isEmpty()) {
            List<ObjectInfo> page = nextEntries();
            begun = true;
            ended = page.isEmpty();
            for (ObjectInfo entry : page) {
                if (entry.isFile() && pattern.matches(entry.path().below(skippedSegments))) {
                    matching.add(entry);
                }
            }
        }
        return matching;
    }

    private List<ObjectInfo> nextEntries() {
        try {
            return entries.nextPage();
        } catch (StorageException e) {
            if (!begun && narrowed && e.kind() == StorageException.Kind.INVALID_PATH) {
                // What the pattern takes for a folder is a file: nothing lies below it.
                return List.of();
            }
            throw e;
        }
    }

    @Override
    public void close() {
        entries.close();
    }
}
