package io.tiercel.storage.azure;

import com.azure.core.http.HttpHeader;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * User metadata in the form that Azure takes: its names are identifiers without regard to case, its values lose outer
 * blanks. Small letters and digits stay; any other character is {@code _} and two hexadecimal digits; a {@code _} at the end
 * says that the value stands in quotes. A name of others that is no such form is taken in small letters. Stateless.
 */
final class BlobMetadata {
    static final String HEADER = "x-ms-meta-";
    private static final String FOLDER = "hdi_isfolder";
    private static final HttpHeaderName FOLDER_HEADER = HttpHeaderName.fromString(HEADER + FOLDER);

    private BlobMetadata() {}

    // The SDK's other way remembers every name that was ever used.
    @SuppressWarnings("deprecation")
    static void put(Map<String, String> metadata, HttpHeaders headers) {
        metadata.forEach((name, value) -> {
            boolean quoted = value.isEmpty() || !value.equals(value.strip());
            headers.set(HEADER + encoded(name) + (quoted ? "_" : ""), quoted ? '"' + value + '"' : value);
        });
    }

    static Map<String, String> of(HttpHeaders headers) {
        Map<String, String> metadata = new HashMap<>();
        for (HttpHeader header : headers) {
            String name = header.getName().toLowerCase(Locale.ROOT);
            if (name.startsWith(HEADER)) {
                add(metadata, name.substring(HEADER.length()), header.getValue());
            }
        }
        return metadata;
    }

    private static void add(Map<String, String> metadata, String kept, String value) {
        boolean quoted = kept.endsWith("_") && value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        String body = quoted ? kept.substring(0, kept.length() - 1) : kept;
        String decoded = decoded(body);
        if (decoded != null && quoted) {
            metadata.put(decoded, value.substring(1, value.length() - 1));
        } else if (decoded != null) {
            metadata.put(decoded, value);
        } else if (!kept.startsWith("_")) {
            metadata.put(kept, value);
        }
    }

    /** Whether tools that think in folders left this blob to stand for one. */
    static boolean isFolder(HttpHeaders headers) {
        return "true".equalsIgnoreCase(headers.getValue(FOLDER_HEADER));
    }

    static boolean isFolder(@Nullable Map<String, String> metadata) {
        return metadata != null && metadata.entrySet().stream().anyMatch(
                entry -> entry.getKey().equalsIgnoreCase(FOLDER) && entry.getValue().equalsIgnoreCase("true"));
    }

    static String encoded(String name) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (isKept(c, i)) {
                out.append(c);
            } else {
                out.append(String.format("_%02x", (int) c));
            }
        }
        return out.toString();
    }

    /** Null when it is not what {@link #encoded} gives. */
    static @Nullable String decoded(String kept) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < kept.length(); i++) {
            char c = kept.charAt(i);
            if (c == '_' && i + 2 < kept.length()) {
                int high = Character.digit(kept.charAt(i + 1), 16);
                int low = Character.digit(kept.charAt(i + 2), 16);
                c = high < 0 || low < 0 ? 0 : (char) (high << 4 | low);
                i += 2;
            }
            out.append(c);
        }
        String name = out.toString();
        return !name.isEmpty() && encoded(name).equals(kept) ? name : null;
    }

    private static boolean isKept(char c, int index) {
        return (c >= 'a' && c <= 'z') || (index > 0 && c >= '0' && c <= '9');
    }
}
