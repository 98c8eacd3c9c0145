package io.tiercel.http;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a Range field asks for (RFC 9110, 14.1 and 14.2), before the object's length is known. Immutable.
 *
 * <p>What cannot be understood is no range at all, and neither are more than {@link #MOST} ranges or overlapping ones:
 * then the object is served whole.
 */
final class ByteRanges {
    /** Ranges in one request. */
    static final int MOST = 16;
    private static final long OPEN = Long.MAX_VALUE;
    private static final String UNIT = "bytes=";
    private static final Pattern SPEC = Pattern.compile("(\\d*)-(\\d*)");
    /** Digits of which every number is a long. */
    private static final int SAFE_DIGITS = 18;

    /** Bytes of an object, from the first to before the end. */
    record Slice(long from, long to) {
        long length() {
            return to - from;
        }
    }

    /** One range as it was asked for: the last {@code to} bytes where {@code from} is negative. */
    private record Spec(long from, long to) {
        boolean isSuffix() {
            return from < 0;
        }

        /** Null where it cannot be satisfied. */
        @Nullable
        Slice in(long length) {
            if (isSuffix()) {
                return to == 0 || length == 0 ? null : new Slice(Math.max(0, length - to), length);
            }
            return from >= length ? null : new Slice(from, to >= length ? length : to + 1);
        }
    }

    private final List<Spec> specs;

    private ByteRanges(List<Spec> specs) {
        this.specs = specs;
    }

    /** The ranges that fields ask for; null for none that we would serve. */
    static @Nullable ByteRanges parse(List<String> fields) {
        if (fields.size() != 1 || !fields.getFirst().regionMatches(true, 0, UNIT, 0, UNIT.length())) {
            return null;
        }
        List<Spec> specs = new ArrayList<>();
        for (String text : fields.getFirst().substring(UNIT.length()).split(",", -1)) {
            String trimmed = text.strip();
            if (trimmed.isEmpty()) {
                continue;
            }
            Spec spec = specOf(trimmed);
            if (spec == null || specs.size() == MOST) {
                return null;
            }
            specs.add(spec);
        }
        return specs.isEmpty() ? null : new ByteRanges(specs);
    }

    private static @Nullable Spec specOf(String text) {
        Matcher matcher = SPEC.matcher(text);
        if (!matcher.matches() || text.length() == 1) {
            return null;
        }
        long from = numberOf(matcher.group(1), -1);
        long to = numberOf(matcher.group(2), OPEN);
        return from > to ? null : new Spec(from, to);
    }

    private static long numberOf(String digits, long ifNone) {
        if (digits.isEmpty()) {
            return ifNone;
        }
        String significant = digits.replaceFirst("^0+(?=.)", "");
        return significant.length() > SAFE_DIGITS ? OPEN - 1 : Long.parseLong(significant);
    }

    /** Whether the object's length must be known before the first byte wanted is. */
    boolean needLength() {
        return specs.stream().anyMatch(Spec::isSuffix);
    }

    /** Position of the first byte wanted, where {@link #needLength} says no. */
    long first() {
        return specs.getFirst().from();
    }

    /** Bytes wanted from the first one on; unbounded for an open range. */
    long firstLength() {
        Spec spec = specs.getFirst();
        return spec.to() == OPEN ? OPEN : spec.to() - spec.from() + 1;
    }

    /** What is to be served of an object, in the order asked for: empty for nothing that there is, null for all of it. */
    @Nullable
    List<Slice> in(long length) {
        List<Slice> slices = new ArrayList<>();
        for (Spec spec : specs) {
            Slice slice = spec.in(length);
            if (slice != null) {
                slices.add(slice);
            }
        }
        List<Slice> sorted = new ArrayList<>(slices);
        sorted.sort((a, b) -> Long.compare(a.from(), b.from()));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).from() < sorted.get(i - 1).to()) {
                return null;
            }
        }
        return slices;
    }
}
