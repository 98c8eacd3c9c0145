package io.tiercel.cli.demo;

import io.tiercel.cli.demo.Finding.Check;
import io.tiercel.cli.demo.Finding.Latency;
import io.tiercel.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;

/** Everything that was found, and the table of it. Not threadsafe. */
final class Report {
    private final List<Check> checks = new ArrayList<>();
    private final List<Latency> latencies = new ArrayList<>();

    void add(Finding finding) {
        switch (finding) {
            case Check check -> checks.add(check);
            case Latency latency -> latencies.add(latency);
        }
    }

    boolean isHeld() {
        return !checks.isEmpty() && checks.stream().allMatch(Check::isHeld);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        int width = checks.stream().mapToInt(check -> check.name().length()).max().orElse(0);
        for (Check check : checks) {
            lines.add(String.format("%-6s  %-" + width + "s  %s", check.isHeld() ? "held" : "BROKEN", check.name(),
                    check.detail()));
        }
        if (!latencies.isEmpty()) {
            lines.add("");
            lines.add(String.format("%-20s %10s %10s %10s %8s", "repeat read", "payload", "p50", "p99", "reads"));
        }
        for (Latency latency : latencies) {
            lines.add(String.format("%-20s %10s %10s %10s %8d", latency.name(), Figures.size(latency.payloadLength()),
                    Figures.time(latency.p50Ns()), Figures.time(latency.p99Ns()), latency.count()));
        }
        return lines;
    }

    String json() {
        JsonWriter json = new JsonWriter().beginObject().field("held", isHeld()).beginArray("checks");
        for (Check check : checks) {
            json.beginObject().field("name", check.name()).field("held", check.isHeld())
                    .field("detail", check.detail()).endObject();
        }
        json.endArray().beginArray("latencies");
        for (Latency latency : latencies) {
            json.beginObject().field("read", latency.name()).field("payloadBytes", latency.payloadLength())
                    .field("count", latency.count()).field("p50Ns", latency.p50Ns()).field("p99Ns", latency.p99Ns())
                    .endObject();
        }
        return json.endArray().endObject().toString();
    }
}
