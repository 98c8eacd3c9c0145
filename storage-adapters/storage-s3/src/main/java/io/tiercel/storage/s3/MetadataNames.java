package io.tiercel.storage.s3;

import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * User metadata in the headers of HTTP, which know no case in names and no blanks round values. Stateless.
 *
 * <p>A name of lower-case letters, digits, {@code .}, {@code _} and {@code -} stays as it is. Another one is written behind
 * {@code t.}: a capital as a dot and the small letter, any other character as two dots and two digits. A value that is empty,
 * or has blanks at an end or two together, or looks like an encoded one, is written behind {@code t%} with those as {@code %20}. What others
 * wrote in their own ways is shown as it stands.
 */
final class MetadataNames {
    private static final String NAME_MARK = "t.";
    private static final String VALUE_MARK = "t%";
    /** What a write may have. */
    private static final int MAX_LENGTH = 2048;
    private static final HexFormat HEX = HexFormat.of();

    private MetadataNames() {}

    static Map<String, String> encode(Map<String, String> metadata) {
        Map<String, String> encoded = new TreeMap<>();
        metadata.forEach((name, value) -> encoded.put(encodeName(name), encodeValue(value)));
        return encoded;
    }

    /** Without what no write here would take, as others may have left it. */
    static Map<String, String> decode(Map<String, String> headers) {
        if (headers.isEmpty()) {
            return Map.of();
        }
        Map<String, String> metadata = new TreeMap<>();
        int length = 0;
        for (Map.Entry<String, String> header : new TreeMap<>(headers).entrySet()) {
            String name = decodeName(header.getKey());
            String value = decodeValue(header.getValue());
            int more = name.length() + value.length();
            if (!name.isEmpty() && !name.startsWith("_") && isPrintable(name) && isPrintable(value)
                    && length + more <= MAX_LENGTH) {
                metadata.put(name, value);
                length += more;
            }
        }
        return Collections.unmodifiableMap(metadata);
    }

    private static String encodeName(String name) {
        if (!name.startsWith(NAME_MARK) && name.chars().allMatch(MetadataNames::isPlain)) {
            return name;
        }
        StringBuilder out = new StringBuilder(NAME_MARK);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                out.append('.').append((char) (c + ('a' - 'A')));
            } else if (c != '.' && isPlain(c)) {
                out.append(c);
            } else {
                out.append("..").append(HEX.toHexDigits((byte) c));
            }
        }
        return out.toString();
    }

    private static String decodeName(String header) {
        String decoded = header.startsWith(NAME_MARK) ? tryDecodeName(header) : null;
        // Only what is exactly ours.
        return decoded != null && encodeName(decoded).equals(header) ? decoded : header;
    }

    private static @Nullable String tryDecodeName(String header) {
        StringBuilder out = new StringBuilder();
        int i = NAME_MARK.length();
        while (i < header.length()) {
            char c = header.charAt(i);
            if (c != '.') {
                out.append(c);
                i++;
            } else if (header.startsWith("..", i) && isHex(header, i + 2)) {
                out.append((char) HexFormat.fromHexDigits(header, i + 2, i + 4));
                i += 4;
            } else if (i + 1 < header.length() && header.charAt(i + 1) >= 'a' && header.charAt(i + 1) <= 'z') {
                out.append((char) (header.charAt(i + 1) - ('a' - 'A')));
                i += 2;
            } else {
                return null;
            }
        }
        return out.toString();
    }

    private static String encodeValue(String value) {
        if (!value.isEmpty() && value.strip().equals(value) && !value.contains("  ") && !value.startsWith(VALUE_MARK)
                && !value.startsWith("=?")) {
            return value;
        }
        StringBuilder out = new StringBuilder(VALUE_MARK);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '%' || c == ' ' || c == '=') {
                out.append('%').append(HEX.toHexDigits((byte) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static String decodeValue(String header) {
        String decoded = header.startsWith(VALUE_MARK) ? tryDecodeValue(header) : null;
        return decoded != null && encodeValue(decoded).equals(header) ? decoded : header;
    }

    private static @Nullable String tryDecodeValue(String header) {
        StringBuilder out = new StringBuilder();
        for (int i = VALUE_MARK.length(); i < header.length(); i++) {
            if (header.charAt(i) != '%') {
                out.append(header.charAt(i));
            } else if (isHex(header, i + 1)) {
                out.append((char) HexFormat.fromHexDigits(header, i + 1, i + 3));
                i += 2;
            } else {
                return null;
            }
        }
        return out.toString();
    }

    private static boolean isHex(String text, int at) {
        return at + 2 <= text.length() && HexFormat.isHexDigit(text.charAt(at)) && HexFormat.isHexDigit(text.charAt(at
                + 1));
    }

    private static boolean isPlain(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    }

    private static boolean isPrintable(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c < 0x7F);
    }
}
