package io.tiercel.bench.report;

import java.util.Locale;

/** Numbers as people read them: three significant digits and a unit. Stateless. */
final class Amounts {
    private static final String[] TIMES = {"ns", "µs", "ms", "s"};
    private static final String[] SIZES = {"B", "KiB", "MiB", "GiB"};

    private Amounts() {}

    static String time(double ns) {
        return scaled(ns, 1000, TIMES);
    }

    static String size(double bytes) {
        return scaled(bytes, 1024, SIZES);
    }

    private static String scaled(double amount, int step, String[] units) {
        if (amount < 0) {
            return "";
        }
        double left = amount;
        int unit = 0;
        while (left >= step * 0.9995 && unit < units.length - 1) {
            left /= step;
            unit++;
        }
        return digits(left) + ' ' + units[unit];
    }

    /** Three significant digits, and all of those before the point. */
    static String digits(double amount) {
        if (amount < 0) {
            return "";
        }
        if (amount == Math.rint(amount) || amount >= 99.95) {
            return String.format(Locale.ROOT, "%,d", Math.round(amount));
        }
        return String.format(Locale.ROOT, amount >= 9.995 ? "%.1f" : amount >= 0.00995 ? "%.2f" : "%.2g", amount);
    }
}
