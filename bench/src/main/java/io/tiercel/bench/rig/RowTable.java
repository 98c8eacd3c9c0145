package io.tiercel.bench.rig;

import java.io.PrintWriter;
import java.util.Locale;

/** Rows as lines of a table, as they come. Not threadsafe. */
final class RowTable {
    private final PrintWriter out;
    private boolean hasHead;

    RowTable(PrintWriter out) {
        this.out = out;
    }

    void print(Row row) {
        if (!hasHead) {
            hasHead = true;
            line("rig", "system", "payload", "load", "state", "p50", "p99", "p99.9", "ops/s", "B/op", "ratio", "why");
        }
        line(row.text("rig"), row.text("system"), size(row.number("payloadBytes")), load(row), row.text("state"),
                time(row.number(Row.P50)), time(row.number(Row.P99)), time(row.number("p999Ns")),
                plain(row.number(Row.OPS), "%.0f"), plain(row.number("bytesAllocatedPerOp"), "%.1f"),
                plain(row.number("ratioToBaseline"), "%.3g"), row.text("why"));
    }

    private void line(Object... cells) {
        out.println(String.format(Locale.ROOT, "%-12s %-23s %9s %-14s %-7s %10s %10s %10s %12s %10s %8s %s",
                cells).stripTrailing());
        out.flush();
    }

    private static String load(Row row) {
        String clients = row.text("clients");
        String rate = row.text("rate");
        return row.text("load") + (rate.isEmpty() ? "" : "@" + rate) + (clients.isEmpty() ? "" : " x" + clients);
    }

    private static String plain(double number, String form) {
        return Double.isNaN(number) ? "-" : String.format(Locale.ROOT, form, number);
    }

    private static String time(double ns) {
        if (Double.isNaN(ns)) {
            return "-";
        }
        if (ns < 10_000) {
            return String.format(Locale.ROOT, "%.0f ns", ns);
        }
        return ns < 10_000_000
                ? String.format(Locale.ROOT, "%.1f us", ns / 1e3)
                : String.format(Locale.ROOT, "%.1f ms", ns / 1e6);
    }

    private static String size(double bytes) {
        if (bytes < 1024 || Double.isNaN(bytes)) {
            return plain(bytes, "%.0f B");
        }
        return bytes < 1 << 20
                ? String.format(Locale.ROOT, "%.0f KiB", bytes / 1024)
                : String.format(Locale.ROOT, "%.0f MiB", bytes / (1 << 20));
    }
}
