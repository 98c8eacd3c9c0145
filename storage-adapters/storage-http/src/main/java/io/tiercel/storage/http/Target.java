package io.tiercel.storage.http;

import io.tiercel.storage.StorePath;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes.
 *
 * @param host a name, or an address (in brackets when it is one of IPv6), in lower case.
 * @param path encoded, with the query if there is one.
 */
record Target(boolean isSecure, String host, int port, String path) {
    private static final String UNRESERVED = "-._~";

    /** Of an absolute URI; null when it is none of HTTP. */
    static @Nullable Target of(URI uri) {
        String scheme = uri.getScheme();
        String host = uri.getHost();
        if (scheme == null || host == null || uri.getRawUserInfo() != null) {
            return null;
        }
        boolean secure = scheme.equalsIgnoreCase("https");
        if (!secure && !scheme.equalsIgnoreCase("http")) {
            return null;
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery();
        return new Target(secure, host.toLowerCase(Locale.ROOT), port, query == null ? path : path + '?' + query);
    }

    /** Another path on the same server. */
    Target at(StorePath other) {
        return new Target(isSecure, host, port, '/' + encoded(other));
    }

    /** The same with a slash behind, as a server names a folder. */
    Target asFolder() {
        return path.endsWith("/") ? this : new Target(isSecure, host, port, path + '/');
    }

    boolean isSameServer(Target other) {
        return isSecure == other.isSecure && host.equals(other.host) && port == other.port;
    }

    /** The server alone, as the Host header has it. */
    String authority() {
        return port == (isSecure ? 443 : 80) ? host : host + ':' + port;
    }

    URI uri() {
        return URI.create((isSecure ? "https://" : "http://") + authority() + path);
    }

    /** The host without the brackets of IPv6. */
    String bareHost() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Segment by segment, so that only our slashes are slashes. */
    static String encoded(StorePath path) {
        StringBuilder out = new StringBuilder();
        for (byte b : path.toString().getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if (c == '/' || isUnreserved(c)) {
                out.append(c);
            } else {
                out.append('%').append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return out.toString();
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || UNRESERVED.indexOf(c) >= 0;
    }
}
