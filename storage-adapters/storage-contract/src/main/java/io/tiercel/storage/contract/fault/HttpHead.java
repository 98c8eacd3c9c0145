package io.tiercel.storage.contract.fault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The first line and the headers of a request or an answer, as they came. Immutable. */
record HttpHead(String firstLine, List<String> headers) {
    /** The next head of a connection; null when the connection ended before one. */
    static @Nullable HttpHead read(InputStream in) throws IOException {
        String first = line(in);
        if (first == null) {
            return null;
        }
        List<String> headers = new ArrayList<>();
        for (String line = lineOfMore(in); !line.isEmpty(); line = lineOfMore(in)) {
            headers.add(line);
        }
        return new HttpHead(first, headers);
    }

    static String lineOfMore(InputStream in) throws IOException {
        String line = line(in);
        if (line == null) {
            throw new EOFException("the connection ended in a head");
        }
        return line;
    }

    private static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = in.read();
        if (b < 0) {
            return null;
        }
        for (; b >= 0 && b != '\n'; b = in.read()) {
            line.write(b);
        }
        String text = line.toString(ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    @Nullable
    String header(String name) {
        for (String line : headers) {
            if (isNamed(line, name)) {
                return line.substring(name.length() + 1).strip();
            }
        }
        return null;
    }

    boolean hasToken(String name, String token) {
        String value = header(name);
        return value != null && value.toLowerCase(Locale.ROOT).contains(token);
    }

    HttpHead with(String name, String value) {
        HttpHead changed = without(name);
        changed.headers.add(name + ": " + value);
        return changed;
    }

    HttpHead without(String name) {
        List<String> kept = new ArrayList<>(headers);
        kept.removeIf(line -> isNamed(line, name));
        return new HttpHead(firstLine, kept);
    }

    /** Method and target of a request. */
    String request() {
        int end = firstLine.lastIndexOf(' ');
        return end < 0 ? firstLine : firstLine.substring(0, end);
    }

    /** Of an answer; 0 when there is none. */
    int status() {
        String[] words = firstLine.split(" ", 3);
        return words.length > 1 && words[1].matches("[0-9]{3}") ? Integer.parseInt(words[1]) : 0;
    }

    byte[] bytes() {
        StringBuilder out = new StringBuilder(firstLine).append("\r\n");
        headers.forEach(line -> out.append(line).append("\r\n"));
        return out.append("\r\n").toString().getBytes(ISO_8859_1);
    }

    private static boolean isNamed(String line, String name) {
        return line.regionMatches(true, 0, name + ":", 0, name.length() + 1);
    }
}
