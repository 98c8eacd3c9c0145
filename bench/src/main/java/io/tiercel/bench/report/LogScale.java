package io.tiercel.bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Places amounts on an axis by their logarithm. Immutable.
 *
 * @param least amount at {@code from}, above 0.
 * @param most amount at {@code to}, above {@code least}.
 */
record LogScale(double least, double most, double from, double to) {
    /** From the power of ten below the least to the one above the most. */
    static LogScale decades(double least, double most, double from, double to) {
        double low = Math.pow(10, Math.floor(Math.log10(least)));
        double high = Math.pow(10, Math.ceil(Math.log10(most)));
        return new LogScale(low, high > low ? high : low * 10, from, to);
    }

    double at(double amount) {
        return from + (to - from) * Math.log(amount / least) / Math.log(most / least);
    }

    /** The powers of ten within it. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        for (double tick = Math.pow(10, Math.ceil(Math.log10(least) - 1e-9)); tick <= most * 1.000001; tick *= 10) {
            ticks.add(tick);
        }
        return ticks;
    }
}
