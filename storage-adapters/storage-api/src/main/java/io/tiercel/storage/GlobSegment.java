package io.tiercel.storage;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one segment of a pattern lets through. Immutable and threadsafe. */
final class GlobSegment {
    /** Stands for any number of segments. */
    static final GlobSegment ANY_DEPTH = new GlobSegment(null, List.of());

    private final @Nullable String literal;
    private final List<Token> tokens;

    private GlobSegment(@Nullable String literal, List<Token> tokens) {
        this.literal = literal;
        this.tokens = tokens;
    }

    static GlobSegment of(String text) {
        int[] characters = text.codePoints().toArray();
        List<Token> tokens = new ArrayList<>();
        boolean plain = true;
        for (int i = 0; i < characters.length; i++) {
            int c = characters[i];
            int end = c == '[' ? endOfSet(characters, i) : -1;
            if (end > 0) {
                tokens.add(set(characters, i + 1, end));
                i = end;
                plain = false;
            } else if (c == '*' || c == '?') {
                tokens.add(c == '*' ? Wildcard.ANY_RUN : Wildcard.ANY_ONE);
                plain = false;
            } else {
                tokens.add(character -> character == c);
            }
        }
        return new GlobSegment(plain ? text : null, List.copyOf(tokens));
    }

    /** The only name that matches, null where several may. */
    @Nullable
    String literal() {
        return literal;
    }

    boolean matches(String name) {
        if (literal != null) {
            return literal.equals(name);
        }
        int at = 0;
        int next = 0;
        int anyRun = -1;
        int resumed = 0;
        while (next < name.length()) {
            int c = name.codePointAt(next);
            if (at < tokens.size() && tokens.get(at) == Wildcard.ANY_RUN) {
                anyRun = at++;
                resumed = next;
            } else if (at < tokens.size() && tokens.get(at).takes(c)) {
                at++;
                next += Character.charCount(c);
            } else if (anyRun >= 0) {
                // The run takes one character more.
                at = anyRun + 1;
                resumed += Character.charCount(name.codePointAt(resumed));
                next = resumed;
            } else {
                return false;
            }
        }
        while (at < tokens.size() && tokens.get(at) == Wildcard.ANY_RUN) {
            at++;
        }
        return at == tokens.size();
    }

    /** Where the set that begins here ends; its first character may be the bracket itself. -1 without an end. */
    private static int endOfSet(int[] characters, int open) {
        int from = open + 1;
        if (from < characters.length && characters[from] == '!') {
            from++;
        }
        for (int i = from + 1; i < characters.length; i++) {
            if (characters[i] == ']') {
                return i;
            }
        }
        return -1;
    }

    private static Token set(int[] characters, int from, int to) {
        boolean negated = characters[from] == '!';
        List<Token> choices = new ArrayList<>();
        for (int i = negated ? from + 1 : from; i < to; i++) {
            int first = characters[i];
            boolean range = i + 2 < to && characters[i + 1] == '-';
            int last = range ? characters[i + 2] : first;
            choices.add(character -> first <= character && character <= last);
            i += range ? 2 : 0;
        }
        return character -> negated != choices.stream().anyMatch(choice -> choice.takes(character));
    }

    /** What stands for one character. */
    private interface Token {
        boolean takes(int character);
    }

    /** What takes any character: a run of them, or one. */
    private enum Wildcard implements Token {
        ANY_RUN, ANY_ONE;

        @Override
        public boolean takes(int character) {
            return true;
        }
    }
}
