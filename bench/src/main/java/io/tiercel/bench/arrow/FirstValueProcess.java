package io.tiercel.bench.arrow;

import io.tiercel.bench.load.Figures;
import io.tiercel.bench.load.Load;
import io.tiercel.bench.load.Loads;
import io.tiercel.bench.load.ReadPath;
import io.tiercel.bench.process.ChildLife;
import io.tiercel.bench.process.ScratchFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Main class of the child that reads first values, fresh for each system, so that its memory is that system's: warms up on
 * a small frame, then reads the large one again and again, then is ready. Arguments: its folders; the system; where it is;
 * what is to be read small and large (keys, or for Flight counts of rows); bytes of the small and the large; how many
 * ms to read.
 */
public final class FirstValueProcess {
    /** One a ms that is measured, so that a short run is short. */
    private static final int MOST_WARM_UPS = 500;

    private FirstValueProcess() {}

    /** What a system is asked through. */
    public enum Way {
        NODE_MAPPED,
        NODE_STREAMED,
        REDIS,
        FLIGHT
    }

    public static void main(String[] arguments) throws IOException {
        ScratchFolders folders = ScratchFolders.ofArguments(arguments);
        List<String> asked = List.of(arguments).subList(2, arguments.length);
        ChildLife.serve(folders, () -> {
            measure(asked, resultFile(folders));
            return () -> {};
        });
    }

    /** Where a ready process has written its result, ns of the first read and the histogram of all, a line each. */
    public static Path resultFile(ScratchFolders folders) {
        return folders.memory().resolve("result");
    }

    private static void measure(List<String> asked, Path result) {
        int runMs = Integer.parseInt(asked.get(6));
        try (FirstValue small = open(asked, 0)) {
            for (int i = 0; i < Math.min(MOST_WARM_UPS, runMs); i++) {
                requireRight(small.read());
            }
        }
        try (Reading large = new Reading(open(asked, 1))) {
            long startNs = System.nanoTime();
            large.read();
            long firstNs = System.nanoTime() - startNs;
            Figures figures = Loads.run(large, Load.closed(TimeUnit.MILLISECONDS.toNanos(Long.parseLong(asked.get(
                    6)))));
            Files.write(result, List.of(Long.toString(firstNs), figures.encodedLatencies(), Double.toString(figures
                    .bytesAllocatedPerValue())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FirstValue open(List<String> asked, int which) {
        String where = asked.get(1);
        String what = asked.get(2 + which);
        int length = Integer.parseInt(asked.get(4 + which));
        return switch (Way.valueOf(asked.get(0))) {
            case NODE_MAPPED -> new NodeFirstValue(Path.of(where), false, what);
            case NODE_STREAMED -> new NodeFirstValue(Path.of(where), true, what);
            case REDIS -> new RedisFirstValue(Path.of(where), what, length);
            case FLIGHT -> new FlightFirstValue(Integer.parseInt(where), Integer.parseInt(what));
        };
    }

    private static void requireRight(long value) {
        if (value != ArrowSample.FIRST_VALUE) {
            throw new IllegalStateException("first value=" + value + " expected " + ArrowSample.FIRST_VALUE);
        }
    }

    /** First values as a load reads them. */
    private record Reading(FirstValue source) implements ReadPath {
        @Override
        public boolean read() {
            requireRight(source.read());
            return true;
        }

        @Override
        public void close() {
            source.close();
        }
    }
}
