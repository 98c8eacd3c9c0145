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
import java.util.function.Function;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * One run as a page of Markdown: a table a rig, and beside it the pictures that its rows give. The same run gives the
 * same bytes. Not threadsafe.
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
        run.origin().forEach((key, value) -> page.append("| ").append(key).append(" | ").append(cell(value)).append(
                " |\n"));
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
        picture(rig, "latency", latencyByPayload(rig, rows), payloads(rows), Amounts::size, written);
        picture(rig, "spread", spread(rig, rows), TAILS, RigPage::percentile, written);
        table(rows);
    }

    private void picture(String rig, String kind, LineChart chart, List<Double> ticks,
            DoubleFunction<String> tickName, List<Path> written) throws IOException {
        if (chart.isEmpty()) {
            return;
        }
        String file = name + "-" + rig + "-" + kind + ".svg";
        written.add(Files.writeString(folder.resolve(file), chart.svg(ticks, tickName)));
        page.append("![").append(rig).append(", ").append(kind).append("](").append(file).append(")\n\n");
    }

    private static List<Double> payloads(List<ResultRow> rows) {
        return rows.stream().filter(ResultRow::isOk).map(row -> (double) row.payloadBytes()).filter(bytes -> bytes > 0)
                .distinct().sorted().toList();
    }

    /** A line a system, where there is more than one payload to join. */
    private static LineChart latencyByPayload(String rig, List<ResultRow> rows) {
        LineChart chart = new LineChart(rig + ": p50 by payload", "payload");
        if (payloads(rows).size() > 1) {
            bySystem(rows).forEach((system, own) -> chart.add(system, own.stream().sorted(Comparator.comparingLong(
                    ResultRow::payloadBytes)).map(row -> new double[]{(double) row.payloadBytes(), row.p50Ns()})
                    .toList()));
        }
        return chart;
    }

    private static Map<String, List<ResultRow>> bySystem(List<ResultRow> rows) {
        return rows.stream().filter(row -> row.isOk() && row.p50Ns() >= 0 && row.payloadBytes() > 0).collect(Collectors
                .groupingBy(ResultRow::system, LinkedHashMap::new, Collectors.toList()));
    }

    /** How times of the least payload spread: a line a system, from the histograms. */
    private static LineChart spread(String rig, List<ResultRow> rows) {
        long least = rows.stream().filter(ResultRow::isOk).mapToLong(ResultRow::payloadBytes).min().orElse(0);
        LineChart chart = new LineChart(rig + ": times of " + Amounts.size((double) least) + " by percentile",
                "percentile");
        for (ResultRow row : rows) {
            Histogram histogram = row.isOk() && row.payloadBytes() == least ? row.histogram() : null;
            if (histogram != null) {
                List<double[]> points = new ArrayList<>();
                for (double tail : TAILS) {
                    if (histogram.getTotalCount() >= tail) {
                        points.add(new double[]{tail, (double) histogram.getValueAtPercentile(tail == 1
                                ? 50
                                : 100 - 100 / tail)});
                    }
                }
                chart.add(row.system(), points);
            }
        }
        return chart;
    }

    private static String percentile(double tail) {
        return tail == 1 ? "p50" : "p" + Amounts.digits(100 - 100 / tail);
    }

    private void table(List<ResultRow> rows) {
        page.append("| system | payload | p50 | p99 | p99.9 | a second | allocated | ratio | |\n")
                .append("|---|---|---|---|---|---|---|---|---|\n");
        for (ResultRow row : rows) {
            List<Function<ResultRow, String>> cells = List.of(ResultRow::system, it -> Amounts.size((double) it
                    .payloadBytes()),
                    it -> Amounts.time(it.p50Ns()), it -> Amounts.time(it.p99Ns()), it -> Amounts.time(it.p999Ns()),
                    it -> Amounts.digits(it.opsPerSecond()), it -> it.bytesAllocatedPerOp() < 0
                            ? ""
                            : Amounts.digits(it.bytesAllocatedPerOp()) + " B",
                    it -> Amounts.digits(it.ratioToBaseline()),
                    it -> it.isOk() ? "" : it.state() + ": " + it.why());
            page.append(cells.stream().map(cell -> cell(cell.apply(row))).collect(Collectors.joining(" | ", "| ",
                    " |\n")));
        }
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace('\n', ' ');
    }
}
