package io.tiercel.cli;

import io.tiercel.client.TiercelClient;
import io.tiercel.json.JsonWriter;
import java.io.IOException;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "ping", description = "Measures empty round trips to the node and prints how long they took.")
final class PingCommand extends NodeCommand {
    private static final long HIGHEST_NS = 3_600_000_000_000L;
    private static final double[] PERCENTILES = {50, 90, 99, 99.9};
    private static final int BAR_LENGTH = 40;

    @Option(names = "-c", paramLabel = "COUNT", defaultValue = "1000", description = "Round trips (default: 1000).")
    private int count = 1000;

    PingCommand(Console console) {
        super(console);
    }

    @Override
    void prepare() {
        if (count < 1) {
            throw new UsageException("-c " + count + ": expected at least 1");
        }
    }

    @Override
    int run(TiercelClient client) throws IOException {
        Histogram roundTrips = new Histogram(HIGHEST_NS, 3);
        for (int i = 0; i < count; i++) {
            roundTrips.recordValue(Math.min(client.pingNs(), HIGHEST_NS));
        }
        String mode = client.mode().name().toLowerCase(Locale.ROOT);
        if (isJson()) {
            console().line(json(mode, roundTrips));
        } else {
            print(mode, roundTrips);
        }
        return ExitCode.DONE;
    }

    private String json(String mode, Histogram roundTrips) {
        return new JsonWriter().beginObject().field("mode", mode).field("count", roundTrips.getTotalCount())
                .field("minNs", roundTrips.getMinValue()).field("p50Ns", roundTrips.getValueAtPercentile(50))
                .field("p90Ns", roundTrips.getValueAtPercentile(90)).field("p99Ns", roundTrips.getValueAtPercentile(99))
                .field("p999Ns", roundTrips.getValueAtPercentile(99.9)).field("maxNs", roundTrips.getMaxValue())
                .endObject().toString();
    }

    private void print(String mode, Histogram roundTrips) throws IOException {
        console().line(roundTrips.getTotalCount() + " round trips, " + mode + ", in microseconds:");
        for (long from = 1; from <= roundTrips.getMaxValue(); from *= 2) {
            long inRange = roundTrips.getCountBetweenValues(from, from * 2 - 1);
            if (inRange > 0) {
                int bar = (int) Math.max(1, BAR_LENGTH * inRange / roundTrips.getTotalCount());
                console().line(String.format("%12s to %-12s %8d %s", micros(from), micros(from * 2), inRange,
                        "#".repeat(bar)));
            }
        }
        StringBuilder line = new StringBuilder("min ").append(micros(roundTrips.getMinValue()));
        for (double percentile : PERCENTILES) {
            line.append("  p").append(Double.toString(percentile).replace(".0", "")).append(' ')
                    .append(micros(roundTrips.getValueAtPercentile(percentile)));
        }
        console().line(line.append("  max ").append(micros(roundTrips.getMaxValue())).toString());
    }

    private static String micros(long nanoseconds) {
        return String.format(Locale.ROOT, "%.1f", nanoseconds / 1000.0);
    }
}
