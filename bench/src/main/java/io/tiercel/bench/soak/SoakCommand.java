package io.tiercel.bench.soak;

import io.tiercel.bench.process.ScratchFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench soak}: exits 1 on the first read that breaks the promise. */
@Command(name = "soak", description = "Mixed load on a node, with faults, and a checker of every read; exits 1 on the first wrong byte.")
public final class SoakCommand implements Callable<Integer> {
    private static final double SECONDS_A_MINUTE = 60;

    private final UnaryOperator<SoakClient> wrapping;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this.")
    @SuppressWarnings("UnusedVariable") // picocli asks the annotation
    private boolean isHelpWanted;

    @Option(names = "--minutes", required = true, paramLabel = "M", description = "How long, 0.1 for 6 seconds; it goes on until each kind of fault was there once.")
    private double minutes;

    @Option(names = "--dir", paramLabel = "DIR", description = "An empty folder for the node and its stores, which stays; else a temporary one, which goes.")
    private @Nullable Path dir;

    @Option(names = "--seed", paramLabel = "N", description = "Makes the choices of another run again; how threads take turns is not the seed's.")
    private @Nullable Long seed;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    public SoakCommand() {
        this(UnaryOperator.identity());
    }

    /** With clients between the node and the workers that tests make; not for use. */
    SoakCommand(UnaryOperator<SoakClient> wrapping) {
        this.wrapping = wrapping;
    }

    @Override
    public Integer call() throws IOException {
        if (!(minutes > 0 && minutes < TimeUnit.DAYS.toMinutes(366))) {
            throw refused("--minutes=" + minutes + ": expected more than 0");
        }
        requireEmpty();
        ScratchFolders folders = ScratchFolders.create();
        try {
            long chosen = seed == null ? System.nanoTime() & 0xFFFF_FFFFL : seed;
            long durationNs = (long) (minutes * SECONDS_A_MINUTE * TimeUnit.SECONDS.toNanos(1));
            SoakRun run = new SoakRun(dir == null ? folders.disk() : dir, folders.memory(), chosen,
                    spec.commandLine().getOut(), wrapping);
            return run.run(durationNs) ? 0 : 1;
        } finally {
            folders.delete();
        }
    }

    private void requireEmpty() throws IOException {
        if (dir == null) {
            return;
        }
        Files.createDirectories(dir);
        try (Stream<Path> inside = Files.list(dir)) {
            if (inside.findAny().isPresent()) {
                throw refused("--dir=" + dir + ": expected an empty folder");
            }
        }
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
