package io.tiercel.cli.demo;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a stage found: either whether something held, or how long something takes. Immutable. */
sealed interface Finding {

    /** One thing that must hold. */
    record Check(String name, boolean isHeld, String detail) implements Finding {
        @Override
        public String line() {
            return String.join("\t", "check", Boolean.toString(isHeld), flat(name), flat(detail));
        }
    }

    /** How long many calls took. */
    record Latency(String name, long payloadLength, long count, long p50Ns, long p99Ns) implements Finding {
        @Override
        public String line() {
            return String.join("\t", List.of("latency", flat(name), Long.toString(payloadLength), Long.toString(count),
                    Long.toString(p50Ns), Long.toString(p99Ns)));
        }
    }

    /** The finding as a line from one process to the other. */
    String line();

    /** The finding of a line; null when the line is none. */
    static @Nullable Finding tryParse(String line) {
        String[] parts = line.split("\t", -1);
        if (parts.length == 4 && parts[0].equals("check")) {
            return new Check(parts[2], Boolean.parseBoolean(parts[1]), parts[3]);
        }
        if (parts.length == 6 && parts[0].equals("latency")) {
            return new Latency(parts[1], Long.parseLong(parts[2]), Long.parseLong(parts[3]), Long.parseLong(parts[4]),
                    Long.parseLong(parts[5]));
        }
        return null;
    }

    private static String flat(String text) {
        return text.replaceAll("[\\t\\r\\n]", " ");
    }
}
