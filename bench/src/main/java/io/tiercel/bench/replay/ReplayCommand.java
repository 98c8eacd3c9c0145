package io.tiercel.bench.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench replay}: miss ratios of the node's eviction over a trace, a line of JSON a capacity. */
@Command(name = "replay", description = "Replays a trace through the node's own eviction; one JSON line a capacity.")
public final class ReplayCommand implements Callable<Integer> {
    private static final long MOST_UNIT = 1L << 20;
    private static final long PAGE_LENGTH = 4096;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this.")
    @SuppressWarnings("UnusedVariable") // picocli asks the annotation
    private boolean isHelpWanted;

    @Option(names = "--trace", required = true, paramLabel = "FILE", description = "Lines of KEY SIZE, plain or compressed by gzip.")
    private Path trace = Path.of("");

    @Option(names = "--capacity", required = true, split = ",", paramLabel = "N", description = "What the cache may hold, in the trace's own sizes.")
    private List<Long> capacities = List.of();

    @Option(names = "--through-store", description = {
        "Drives the mapped tier with frames of those sizes, in a temporary directory.",
        "The capacity is one of payload: what headers, index entries and the log's",
        "working room take comes on top."})
    private boolean isThroughStore;

    @Option(names = "--unit", paramLabel = "BYTES", description = "Bytes of a size of 1 in the store; 4096 where all sizes are 1, else 1.")
    private long unit;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        CommandLine line = spec.commandLine();
        for (long capacity : capacities) {
            if (capacity < 1) {
                throw new ParameterException(line, "--capacity=" + capacity + ": expected at least 1");
            }
        }
        if (!Files.isRegularFile(trace)) {
            throw new ParameterException(line, "--trace=" + trace + ": there is no such file");
        }
        Trace requests;
        try {
            requests = Trace.read(trace);
        } catch (Trace.BadTraceException | IOException e) {
            throw new ParameterException(line, "--trace=" + trace + ": " + e.getMessage(), e);
        }
        String name = trace.toFile().getName();
        for (long capacity : capacities) {
            line.getOut().println(isThroughStore
                    ? StoreReplay.run(name, requests, capacity, unitOf(requests))
                    : PolicyReplay.run(name, requests, capacity).json(""));
            line.getOut().flush();
        }
        return 0;
    }

    private long unitOf(Trace requests) {
        if (unit < 0 || unit > MOST_UNIT) {
            throw new ParameterException(spec.commandLine(), "--unit=" + unit + ": expected 1 to " + MOST_UNIT);
        }
        if (unit != 0) {
            return unit;
        }
        return requests.isSized() ? 1 : PAGE_LENGTH;
    }
}
