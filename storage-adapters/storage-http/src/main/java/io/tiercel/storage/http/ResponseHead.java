package io.tiercel.storage.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Status and headers of an answer. Immutable. */
record ResponseHead(int status, boolean isHttp11, List<String> names, List<String> values) {
    private static final int MAX_HEADERS = 256;

    /** Gives one line after another. */
    interface Lines {
        String next() throws IOException;
    }

    /** @throws ProtocolException when this is no answer of HTTP/1. */
    static ResponseHead read(Lines lines) throws IOException {
        String first = lines.next();
        if (!first.matches("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?")) {
            throw new ProtocolException("the answer is no HTTP");
        }
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (String line = lines.next(); !line.isEmpty(); line = lines.next()) {
            int colon = line.indexOf(':');
            if (colon <= 0 || names.size() == MAX_HEADERS || line.charAt(colon - 1) == ' ') {
                throw new ProtocolException("the answer has a head that is no HTTP");
            }
            names.add(line.substring(0, colon).toLowerCase(Locale.ROOT));
            values.add(line.substring(colon + 1).strip());
        }
        return new ResponseHead(Integer.parseInt(first.substring(9, 12)), first.startsWith("HTTP/1.1"), names, values);
    }

    /** The first value of a header, by its name in lower case. */
    @Nullable
    String header(String name) {
        int at = names.indexOf(name);
        return at < 0 ? null : values.get(at);
    }

    /** All values of a header, by its name in lower case, parted by commas; null without any. */
    @Nullable
    String joined(String name) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equals(name)) {
                out.append(out.isEmpty() ? "" : ", ").append(values.get(i));
            }
        }
        return out.isEmpty() ? null : out.toString();
    }

    boolean hasToken(String name, String token) {
        String value = header(name);
        return value != null && value.toLowerCase(Locale.ROOT).contains(token);
    }

    boolean isChunked() {
        return hasToken("transfer-encoding", "chunked");
    }

    /**
     * Content-Length; -1 without one.
     *
     * @throws ProtocolException when it is no number, or several that differ.
     */
    long contentLength() throws ProtocolException {
        long length = -1;
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equals("content-length")) {
                if (!values.get(i).matches("[0-9]{1,18}")) {
                    throw new ProtocolException("the length in the answer is no number");
                }
                long one = Long.parseLong(values.get(i));
                if (length >= 0 && length != one) {
                    throw new ProtocolException("the answer has two lengths");
                }
                length = one;
            }
        }
        return length;
    }

    boolean isEncoded() {
        String encoding = header("content-encoding");
        return encoding != null && !encoding.isEmpty() && !encoding.equalsIgnoreCase("identity");
    }

    boolean isRedirect() {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }
}
