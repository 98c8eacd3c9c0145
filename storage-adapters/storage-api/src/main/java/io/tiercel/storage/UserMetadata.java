package io.tiercel.storage;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The shape of what callers may keep with an object: names and values of printable ASCII. Stateless. */
final class UserMetadata {
    /** What S3 takes, the narrowest of the stores that keep any. */
    static final int MAX_LENGTH = 2048;

    private UserMetadata() {}

    /**
     * The entries in the order of their names, unchangeable.
     *
     * @throws IllegalArgumentException naming what does not fit: a name that is empty or begins with {@code _} (kept for
     *     adapters), a character that is not printable ASCII, or more than 2,048 bytes of names and values.
     */
    static Map<String, String> checked(Map<String, String> entries) {
        int length = 0;
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            String name = entry.getKey();
            if (name.isEmpty() || name.startsWith("_")) {
                throw new IllegalArgumentException("metadata name '" + name + "' is empty or begins with '_'");
            }
            requirePrintable(name, name);
            requirePrintable(name, entry.getValue());
            length += name.length() + entry.getValue().length();
        }
        if (length > MAX_LENGTH) {
            throw new IllegalArgumentException("metadata has length=" + length + ", more than " + MAX_LENGTH);
        }
        return Collections.unmodifiableMap(new TreeMap<>(entries));
    }

    private static void requirePrintable(String name, String text) {
        if (!text.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            throw new IllegalArgumentException("metadata '" + name.replaceAll("[^ -~]", "?")
                    + "' holds what is not printable ASCII");
        }
    }
}
