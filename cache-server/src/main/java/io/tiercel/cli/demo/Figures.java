package io.tiercel.cli.demo;

import java.util.Locale;

/** Figures for people. Stateless. */
final class Figures {
    private Figures() {}

    static String size(long bytes) {
        if (Math.abs(bytes) < 1024) {
            return bytes + "B";
        }
        double kib = bytes / 1024.0;
        return Math.abs(kib) < 1024
                ? String.format(Locale.ROOT, "%.1fKiB", kib)
                : String.format(Locale.ROOT, "%.1fMiB", kib / 1024);
    }

    static String time(long nanoseconds) {
        if (nanoseconds < 1_000_000) {
            return String.format(Locale.ROOT, "%.2fus", nanoseconds / 1e3);
        }
        return nanoseconds < 1_000_000_000
                ? String.format(Locale.ROOT, "%.1fms", nanoseconds / 1e6)
                : String.format(Locale.ROOT, "%.2fs", nanoseconds / 1e9);
    }
}
