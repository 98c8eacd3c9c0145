package io.tiercel.json;

import org.jspecify.annotations.Nullable;

/**
 * Text of one JSON document, written from front to back: {@code new JsonWriter().beginObject().field("a", 1).endObject()}.
 * Commas come by themselves. Strings are escaped so that the text stays one line of valid Unicode whatever they hold:
 * control characters, quotes, and surrogates without a partner (as the replacement character). Not threadsafe.
 */
public final class JsonWriter {
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder out = new StringBuilder(256);
    private boolean needsComma;

    /** Opens the document's own object, or an element of an array. */
    public JsonWriter beginObject() {
        return open('{');
    }

    public JsonWriter beginObject(String name) {
        return name(name).open('{');
    }

    public JsonWriter endObject() {
        return close('}');
    }

    public JsonWriter beginArray() {
        return open('[');
    }

    public JsonWriter beginArray(String name) {
        return name(name).open('[');
    }

    public JsonWriter endArray() {
        return close(']');
    }

    public JsonWriter field(String name, long value) {
        name(name);
        out.append(value);
        needsComma = true;
        return this;
    }

    public JsonWriter field(String name, boolean value) {
        name(name);
        out.append(value);
        needsComma = true;
        return this;
    }

    /** A null is written as {@code null}. */
    public JsonWriter field(String name, @Nullable String value) {
        return name(name).value(value);
    }

    /** An element of an array, or the document itself. */
    public JsonWriter value(@Nullable String value) {
        separate();
        if (value == null) {
            out.append("null");
        } else {
            quoted(value);
        }
        needsComma = true;
        return this;
    }

    /** The text so far. */
    @Override
    public String toString() {
        return out.toString();
    }

    private JsonWriter open(char bracket) {
        separate();
        out.append(bracket);
        needsComma = false;
        return this;
    }

    private JsonWriter close(char bracket) {
        out.append(bracket);
        needsComma = true;
        return this;
    }

    private JsonWriter name(String name) {
        separate();
        quoted(name);
        out.append(':');
        needsComma = false;
        return this;
    }

    private void separate() {
        if (needsComma) {
            out.append(',');
        }
    }

    private void quoted(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                out.append(c).append(text.charAt(++i));
            } else {
                escaped(c);
            }
        }
        out.append('"');
    }

    private void escaped(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                    out.append("\\u").append(HEX.charAt(c >> 12 & 15)).append(HEX.charAt(c >> 8 & 15))
                            .append(HEX.charAt(c >> 4 & 15)).append(HEX.charAt(c & 15));
                } else {
                    out.append(Character.isSurrogate(c) ? '\uFFFD' : c);
                }
            }
        }
    }
}
