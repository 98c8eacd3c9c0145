package io.tiercel.node;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The form of {@code HOST:PORT}, {@code [::1]:PORT}; nothing is looked up. Stateless. */
final class Endpoint {
    private static final Pattern FORM = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[A-Za-z0-9._-]+):([0-9]{1,5})");

    private Endpoint() {}

    /** Whether a text is an endpoint, or {@code off}. */
    static boolean isLegal(String text) {
        Matcher matcher = FORM.matcher(text);
        return text.equals(NodeSettings.OFF) || (matcher.matches() && Integer.parseInt(matcher.group(2)) <= 65_535);
    }
}
