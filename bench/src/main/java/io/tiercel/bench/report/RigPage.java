package io.tiercel.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * One run as a page of Markdown: a table a rig, and beside it the pictures that its rows give, one for each way in which
 * they were asked. The same run gives the same bytes. Not threadsafe.
 */
final class RigPage {
    private static final List<Double> TAILS = List.of(1.0, 10.0, 100.0, 1_000.0, 10_000.0);

    private final RunResult run;
    private final Path folder;
    private final String name;
    private final StringBuilder page = new StringBuilder();

    /** @param name of the page, and what the names of its pictures begin with. */
    RigPage(RunResult run, Path folder, String name) {
        this.run = run;
        this.folder = folder;
        this.name = name;
    }

    /** Writes the page and its pictures; answers all files written. */
    List<Path> write() throws IOException {
        List<Path> written = new ArrayList<>();
        page.append("# Results: ").append(name).append("\n\n").append(
                "Made by `bench report` from one run. Ratios within it are the result; times are this machine's.\n\n");
        page.append("`").append(run.command()).append("`\n\n| | |\n|---|---|\n");
        run.origin().forEach((key, value) -> page.append("| ").append(key).append(" | ").append(RowColumns.cell(value))
                .append(" |\n"));
        for (String rig : run.rigNames()) {
            rig(rig, written);
        }
        written.add(Files.writeString(folder.resolve(name + ".md"), page));
        return written;
    }

    private void rig(String rig, List<Path> written) throws IOException {
        List<ResultRow> rows = run.rowsOf(rig);
        page.append("\n## ").append(rig).append("\n\n");
        RunResult.RigText text = run.rigs().get(rig);
        if (text != null) {
            page.append(text.question()).append("\n\nNot measured: ").append(text.doesNotMeasure()).append("\n\n");
        }
        for (String load : rows.stream().map(ResultRow::load).distinct().toList()) {
            List<ResultRow> measured = rows.stream().filter(row -> row.isOk() && row.load().equals(load) && row.number(
                    "p50Ns") >= 0).toList();
            String title = load.isEmpty() ? rig : rig + ", " + load;
            picture(title, "latency", latencyByPayload(title, measured), payloads(measured), Amounts::size, written);
            picture(title, "spread", spread(title, measured), TAILS, RigPage::percentile, written);
        }
        RowColumns columns = new RowColumns(rows);
        page.append(columns.head());
        rows.forEach(row -> page.append(columns.line(row)));
    }

    private void picture(String title, String kind, LineChart chart, List<Double> ticks,
            DoubleFunction<String> tickName, List<Path> written) throws IOException {
        if (chart.isEmpty()) {
            return;
        }
        String file = name + "-" + title.replace(", ", "-") + "-" + kind + ".svg";
        written.add(Files.writeString(folder.resolve(file), chart.svg(ticks, tickName)));
        page.append("![").append(title).append(", ").append(kind).append("](").append(file).append(")\n\n");
    }

    private static List<Double> payloads(List<ResultRow> rows) {
        return rows.stream().map(row -> (double) row.payloadBytes()).filter(bytes -> bytes > 0).distinct().sorted()
                .toList();
    }

    /** A line a system, where there is more than one payload to join. */
    private static LineChart latencyByPayload(String title, List<ResultRow> rows) {
        LineChart chart = new LineChart(title + ": p50 by payload", "payload");
        if (payloads(rows).size() > 1) {
            bySystem(rows).forEach((system, own) -> chart.add(system, own.stream().sorted(Comparator.comparingLong(
                    ResultRow::payloadBytes)).map(row -> new double[]{(double) row.payloadBytes(), row.number("p50Ns")})
                    .toList()));
        }
        return chart;
    }

    private static Map<String, List<ResultRow>> bySystem(List<ResultRow> rows) {
        return rows.stream().filter(row -> row.payloadBytes() > 0).collect(Collectors.groupingBy(RigPage::label,
                LinkedHashMap::new, Collectors.toList()));
    }

    /** The system, and what else sets its rows apart. */
    private static String label(ResultRow row) {
        String clients = row.text("clients");
        return clients.isEmpty() || clients.equals("1") ? row.system() : row.system() + " ×" + clients;
    }

    /** How times of the least payload spread: a line a system, from the histograms. */
    private static LineChart spread(String title, List<ResultRow> rows) {
        long least = rows.stream().mapToLong(ResultRow::payloadBytes).min().orElse(0);
        LineChart chart = new LineChart(title + ": times of " + Amounts.size((double) least) + " by percentile",
                "percentile");
        for (ResultRow row : rows) {
            Histogram histogram = row.payloadBytes() == least ? row.histogram() : null;
            if (histogram != null) {
                chart.add(label(row), points(histogram));
            }
        }
        return chart;
    }

    private static List<double[]> points(Histogram histogram) {
        List<double[]> points = new ArrayList<>();
        for (double tail : TAILS) {
            if (histogram.getTotalCount() >= tail) {
                points.add(new double[]{tail, (double) histogram.getValueAtPercentile(tail == 1
                        ? 50
                        : 100 - 100 / tail)});
            }
        }
        return points;
    }

    /** p50, then p90 and a nine more for each power of ten. */
    private static String percentile(double tail) {
        int nines = (int) Math.round(Math.log10(tail));
        return nines == 0 ? "p50" : nines == 1 ? "p90" : "p99" + (nines > 2 ? "." + "9".repeat(nines - 2) : "");
    }
}
