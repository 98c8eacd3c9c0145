package io.tiercel.storage;

import java.util.ArrayList;
import java.util.List;

/**
 * A pattern of paths, anchored at both ends. Immutable and threadsafe.
 *
 * <p>{@code *} stands for any run of characters but {@code /}, {@code ?} for one of them, {@code [abc]}, {@code [a-c]} and
 * {@code [!abc]} for one of a set, {@code **}{@code /} for any number of whole segments, a {@code **} at the end for
 * everything below. A {@code [} without its end stands for itself. To match takes at most the product of both lengths.
 */
public final class Glob {
    private static final String ANY_DEPTH = "**";

    private final String text;
    private final StorePath literalPrefix;
    private final List<GlobSegment> segments;
    private final int depth;

    private Glob(String text, StorePath literalPrefix, List<GlobSegment> segments, int depth) {
        this.text = text;
        this.literalPrefix = literalPrefix;
        this.segments = segments;
        this.depth = depth;
    }

    /**
     * The pattern that a text spells; it is normalised as a path is.
     *
     * @throws IllegalArgumentException when a segment holds {@code **} and more than that, or there is none at all.
     * @throws StorageException with INVALID_PATH where a path of this text would be.
     */
    public static Glob of(String spelled) {
        String text = StorePath.of(spelled).toString();
        if (text.isEmpty()) {
            throw new IllegalArgumentException("the pattern is empty");
        }
        List<GlobSegment> segments = new ArrayList<>();
        for (String segment : text.split("/", -1)) {
            if (segment.contains(ANY_DEPTH) && !segment.equals(ANY_DEPTH)) {
                throw new IllegalArgumentException(
                        "the pattern '" + text + "' has '**' in a segment that is more than that: '" + segment + "'");
            }
            segments.add(segment.equals(ANY_DEPTH) ? GlobSegment.ANY_DEPTH : GlobSegment.of(segment));
        }
        if (segments.getLast() == GlobSegment.ANY_DEPTH) {
            segments.add(GlobSegment.of("*"));
        }
        StorePath literal = literalPrefixOf(segments);
        int depth = segments.contains(GlobSegment.ANY_DEPTH)
                ? Integer.MAX_VALUE
                : segments.size() - literal.segmentCount() - 1;
        return new Glob(text, literal, List.copyOf(segments), depth);
    }

    /** Whether a path, counted from the folder that is searched, is one of those meant. */
    public boolean matches(StorePath path) {
        String[] names = path.toString().split("/", -1);
        int at = 0;
        int next = 0;
        int anyDepth = -1;
        int resumed = 0;
        while (next < names.length) {
            if (at < segments.size() && segments.get(at) == GlobSegment.ANY_DEPTH) {
                anyDepth = at++;
                resumed = next;
            } else if (at < segments.size() && segments.get(at).matches(names[next])) {
                at++;
                next++;
            } else if (anyDepth >= 0) {
                // The run of segments that the pattern left open takes one more.
                at = anyDepth + 1;
                next = ++resumed;
            } else {
                return false;
            }
        }
        return at == segments.size();
    }

    /** The folder that everything that matches lies below, by whole segments: what is beside it need not be listed. */
    public StorePath literalPrefix() {
        return literalPrefix;
    }

    /** Levels of folders below {@link #literalPrefix} that may hold a match, {@link Integer#MAX_VALUE} with a {@code **}. */
    public int depth() {
        return depth;
    }

    @Override
    public String toString() {
        return text;
    }

    private static StorePath literalPrefixOf(List<GlobSegment> segments) {
        StorePath prefix = StorePath.ROOT;
        for (GlobSegment segment : segments.subList(0, segments.size() - 1)) {
            String literal = segment.literal();
            if (literal == null) {
                return prefix;
            }
            prefix = prefix.child(literal);
        }
        return prefix;
    }
}
