package io.tiercel;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Name of a frame: a normalised path of 1 to 1,024 bytes of UTF-8, its segments parted by {@code /}.
 *
 * <p>{@code \} is {@code /}; outer slashes, {@code //} and {@code .} segments collapse; a {@code ..} segment, a control
 * character, an empty path, one too long, and text that is no Unicode are refused. Two spellings of one path are equal.
 * A key also names the prefix of everything at and under it, by whole segments: {@code a/b} covers {@code a/b/c} and
 * not {@code a/bc}. Immutable and threadsafe; keep the object where a key is used often.
 */
public final class Key implements Comparable<Key> {
    /** Longest key, in bytes of UTF-8. */
    public static final int MAX_LENGTH = 1024;

    /** Begins the last segment of a derived key: a control character, which no spelling can hold. */
    private static final char DERIVED = '\u0001';

    private final String path;
    private final byte[] bytes;
    private final UnsafeBuffer buffer;
    private final int hash;

    private Key(String path, byte[] bytes) {
        this.path = path;
        this.bytes = bytes;
        this.buffer = new UnsafeBuffer(bytes);
        this.hash = Arrays.hashCode(bytes);
    }

    /**
     * The key that a path spells.
     *
     * @throws TiercelException with INVALID_KEY, saying why.
     */
    public static Key of(String path) {
        Key key = tryOf(path);
        if (key == null) {
            throw new TiercelException(ErrorCode.INVALID_KEY, "key is " + defectOf(path) + ": " + printable(path));
        }
        return key;
    }

    /** The key that a path spells, or null when it is not legal. */
    public static @Nullable Key tryOf(String path) {
        return defectOf(path).isEmpty() ? normalised(path) : null;
    }

    /**
     * The key in a range of bytes from outside, which must be strict UTF-8.
     *
     * @throws TiercelException with INVALID_KEY, saying why.
     */
    public static Key ofUtf8(DirectBuffer source, int offset, int length) {
        if (length < 0 || length > 4 * MAX_LENGTH) {
            throw new TiercelException(ErrorCode.INVALID_KEY,
                    "key is longer than " + MAX_LENGTH + " bytes, or of no length: length=" + length);
        }
        byte[] utf8 = new byte[length];
        source.getBytes(offset, utf8);
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(utf8));
            return of(text.toString());
        } catch (CharacterCodingException e) {
            throw new TiercelException(ErrorCode.INVALID_KEY, "key is not UTF-8", e);
        }
    }

    /**
     * The key of what a node derives of what lies at a path: pages of an object, a listing of a folder. It lies under the
     * path, so that whatever drops the path's prefix drops it too, and equals no key that anybody can spell.
     *
     * @param path normalised, empty for the root.
     * @param name what it is, without a slash.
     * @return null when it would be longer than a key can be: then it cannot be kept.
     */
    public static @Nullable Key derived(String path, String name) {
        String whole = (path.isEmpty() ? "" : path + '/') + DERIVED + name;
        byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
        return bytes.length > MAX_LENGTH ? null : new Key(whole, bytes);
    }

    /** Whether a node made it of what lies at another key. */
    public boolean isDerived() {
        return path.indexOf(DERIVED) >= 0;
    }

    /** Why a path is no key, in words that follow "key is"; empty when it is one. */
    private static String defectOf(String path) {
        if (path.length() > 4 * MAX_LENGTH) {
            return "longer than " + MAX_LENGTH + " bytes";
        }
        for (int i = 0; i < path.length(); i++) {
            if (Character.isISOControl(path.charAt(i))) {
                return "holding a control character";
            }
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(path)) {
            return "no Unicode text";
        }
        boolean empty = true;
        int from = 0;
        while (from <= path.length()) {
            int to = segmentEnd(path, from);
            if (isSegment(path, from, to, "..")) {
                return "stepping out with '..'";
            }
            empty &= to == from || isSegment(path, from, to, ".");
            from = to + 1;
        }
        if (empty) {
            return "empty";
        }
        return normalised(path).length() > MAX_LENGTH ? "longer than " + MAX_LENGTH + " bytes" : "";
    }

    private static Key normalised(String path) {
        StringBuilder out = new StringBuilder(path.length());
        int from = 0;
        while (from <= path.length()) {
            int to = segmentEnd(path, from);
            if (to > from && !isSegment(path, from, to, ".")) {
                if (!out.isEmpty()) {
                    out.append('/');
                }
                out.append(path, from, to);
            }
            from = to + 1;
        }
        String normal = out.toString();
        return new Key(normal, normal.getBytes(StandardCharsets.UTF_8));
    }

    private static int segmentEnd(String path, int from) {
        int to = from;
        while (to < path.length() && path.charAt(to) != '/' && path.charAt(to) != '\\') {
            to++;
        }
        return to;
    }

    private static boolean isSegment(String path, int from, int to, String segment) {
        return to - from == segment.length() && path.startsWith(segment, from);
    }

    private static String printable(String path) {
        String shown = path.length() > 120 ? path.substring(0, 120) + "..." : path;
        StringBuilder out = new StringBuilder("'");
        shown.codePoints()
                .forEach(c -> out.append(Character.isISOControl(c)
                        ? String.format("\\u%04x", c)
                        : Character.toString(c)));
        return out.append('\'').toString();
    }

    /** Length in bytes of UTF-8. */
    public int length() {
        return bytes.length;
    }

    /** The bytes in UTF-8, as a view that must not be written. */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** Whether this key is {@code prefix} or lies under it. */
    public boolean isCoveredBy(Key prefix) {
        int length = prefix.bytes.length;
        return bytes.length >= length && Arrays.equals(bytes, 0, length, prefix.bytes, 0, length)
                && (bytes.length == length || bytes[length] == '/');
    }

    /** Orders by the bytes of UTF-8, unsigned. */
    @Override
    public int compareTo(Key other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Key key && hash == key.hash && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The normalised path. */
    @Override
    public String toString() {
        return path;
    }
}
