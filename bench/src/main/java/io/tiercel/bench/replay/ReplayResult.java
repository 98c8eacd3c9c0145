package io.tiercel.bench.replay;

import java.util.Locale;

/** What came of a replay. */
record ReplayResult(String trace, long capacity, long requests, long misses, long requestedBytes, long missedBytes) {
    double missRatio() {
        return misses / (double) requests;
    }

    double byteMissRatio() {
        return missedBytes / (double) requestedBytes;
    }

    /** One line of JSON; what is given more comes last. */
    String json(String more) {
        return String.format(Locale.ROOT,
                "{\"trace\":\"%s\",\"capacity\":%d,\"requests\":%d,\"misses\":%d,\"missRatio\":%.6f,"
                        + "\"byteMissRatio\":%.6f%s}",
                escaped(trace), capacity, requests, misses, missRatio(), byteMissRatio(), more);
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
