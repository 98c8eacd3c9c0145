package io.tiercel.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The columns of a rig's table: those that every rig has, then what its rows tell besides. Immutable. */
final class RowColumns {
    private static final Map<String, String> TITLES = Map.of("system", "system", "payloadBytes", "payload", "p50Ns",
            "p50", "p99Ns", "p99", "p999Ns", "p99.9", "opsPerSecond", "a second", "bytesAllocatedPerOp", "allocated",
            "ratioToBaseline", "ratio");
    private static final List<String> FIRST = List.of("system", "load", "clients", "frames", "payloadBytes", "p50Ns",
            "p99Ns", "p999Ns", "opsPerSecond", "bytesAllocatedPerOp", "ratioToBaseline", "baseline");

    /** Said elsewhere, or of no use to who reads a table. */
    private static final Set<String> LEFT_OUT = Set.of("rig", "state", "why", "histogram", "maxNs", "hits", "misses",
            "rate", "ratioOf", "before", "window");

    private final List<String> names = new ArrayList<>();

    RowColumns(List<ResultRow> rows) {
        Set<String> present = new TreeSet<>();
        rows.forEach(row -> present.addAll(row.fields().keySet()));
        FIRST.stream().filter(present::contains).filter(name -> TITLES.containsKey(name) || rows.stream().map(
                row -> row.text(name)).distinct().count() > 1).forEach(names::add);
        present.stream().filter(name -> !FIRST.contains(name) && !LEFT_OUT.contains(name)).forEach(names::add);
    }

    /** The head of the table; a last column is for what went wrong. */
    String head() {
        StringBuilder head = new StringBuilder("|");
        names.forEach(name -> head.append(' ').append(TITLES.getOrDefault(name, name)).append(" |"));
        return head.append(" |\n|").append("---|".repeat(names.size() + 1)).append('\n').toString();
    }

    String line(ResultRow row) {
        StringBuilder line = new StringBuilder("|");
        names.forEach(name -> line.append(' ').append(cell(shown(row, name))).append(" |"));
        return line.append(' ').append(row.isOk() ? "" : cell(row.text("state") + ": " + row.text("why"))).append(
                " |\n").toString();
    }

    private static String shown(ResultRow row, String name) {
        double number = row.number(name);
        if (number < 0) {
            return row.text(name);
        }
        if (name.endsWith("Ns")) {
            return Amounts.time(number);
        }
        return name.contains("ytes") ? Amounts.size(number) : Amounts.digits(number);
    }

    static String cell(String text) {
        return text.replace("|", "\\|").replace('\n', ' ');
    }
}
