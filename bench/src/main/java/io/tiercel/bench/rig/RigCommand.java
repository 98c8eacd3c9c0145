package io.tiercel.bench.rig;

import io.tiercel.bench.process.Placement;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code bench rig}: runs rigs one after the other, prints rows as they come and leaves a result file, also when it is
 * interrupted. A rig that fails is a row; the exit code says only whether there is a whole file.
 */
@Command(name = "rig", description = "Measures beside peers, client and server in processes of their own.")
public final class RigCommand implements Callable<Integer> {
    static final Duration QUICK_LIMIT = Duration.ofSeconds(175);
    static final Duration FULL_LIMIT = Duration.ofMinutes(39);
    private static final Duration LONG_LIMIT = Duration.ofHours(2);

    @Option(names = "--help", usageHelp = true, description = "Shows this.")
    @SuppressWarnings("UnusedVariable") // picocli asks the annotation
    private boolean isHelpWanted;

    @Option(names = "--only", split = ",", paramLabel = "NAME", description = "Rigs to run; all by default.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--quick", description = "Ends within 3 minutes: fewer sizes and systems, shorter runs.")
    private boolean isQuick;

    @Option(names = "--long", description = "With 10 million frames too, which takes an hour more.")
    private boolean isLong;

    @Option(names = "--frames", split = ",", paramLabel = "COUNT", description = "Counts for rig frames, not its own.")
    private int[] frames = {};

    @Option(names = "--pin", description = "Keeps the client to one core and servers to another (taskset).")
    private boolean isPinned;

    @Option(names = "--out", required = true, paramLabel = "FILE.json", description = "Where the results go.")
    private Path out = Path.of("");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<Rig> rigs = chosen();
        PrintWriter console = spec.commandLine().getOut();
        RowTable table = new RowTable(console);
        RigRun run = new RigRun(isQuick, table::print);
        ResultFile file = new ResultFile(out, command(), rigs);
        requireWritable(file);
        if (isPinned) {
            Placement.pin();
        }
        Thread atEnd = new Thread(() -> writePart(file, run), "rig-result");
        Runtime.getRuntime().addShutdownHook(atEnd);
        try {
            Thread.ofPlatform().daemon().name("rig-limit").start(() -> endAfter(limit()));
            // Where some are left out the others have their time too.
            double share = seconds(Rigs.all(isQuick, isLong, frames)) / seconds(rigs);
            for (Rig rig : rigs) {
                run(rig, run, share);
            }
            file.write(run.rows());
        } finally {
            forget(atEnd);
        }
        console.println(String.format(Locale.ROOT, "%d rows: %s", run.rows().size(), out));
        return 0;
    }

    private double seconds(List<Rig> rigs) {
        return rigs.stream().mapToLong(rig -> rig.budget(isQuick).toSeconds()).sum();
    }

    private void run(Rig rig, RigRun run, double share) {
        Duration budget = Duration.ofMillis((long) (rig.budget(isQuick).toMillis() * share));
        run.begin(budget.plus(isLong ? LONG_LIMIT : Duration.ZERO));
        try {
            rig.run(run);
        } catch (RuntimeException e) {
            run.add(new Row(rig.name(), "", 0).fail(String.valueOf(e)));
        }
    }

    private List<Rig> chosen() {
        List<Rig> all = Rigs.all(isQuick, isLong, frames);
        List<String> names = all.stream().map(Rig::name).toList();
        for (int count : frames) {
            if (count < 1) {
                throw usage("--frames=" + count + ": expected at least 1");
            }
        }
        for (String name : only) {
            if (!names.contains(name)) {
                throw usage("--only=" + name + ": expected some of " + String.join(",", names));
            }
        }
        return all.stream().filter(rig -> only.isEmpty() || only.contains(rig.name())).toList();
    }

    private void requireWritable(ResultFile file) {
        try {
            file.requireWritable();
        } catch (IOException e) {
            throw usage("--out=" + out + ": cannot be written: " + e.getMessage());
        }
    }

    private Duration limit() {
        if (isLong) {
            return LONG_LIMIT;
        }
        return isQuick ? QUICK_LIMIT : FULL_LIMIT;
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private String command() {
        CommandLine root = spec.commandLine().getParent() == null ? spec.commandLine() : spec.commandLine().getParent();
        return "bench " + String.join(" ", root.getParseResult().originalArgs());
    }

    /** A rig that hangs must not keep the rows of the others. */
    private static void endAfter(Duration limit) {
        long endNs = System.nanoTime() + limit.toNanos();
        for (long leftNs = limit.toNanos(); leftNs > 0; leftNs = endNs - System.nanoTime()) {
            LockSupport.parkNanos(leftNs);
        }
        System.err.println("bench rig: ended after " + limit.toSeconds() + " s, before it was done");
        System.exit(1);
    }

    private static void writePart(ResultFile file, RigRun run) {
        try {
            file.writePart(run.rows());
        } catch (IOException e) {
            System.err.println("bench rig: results cannot be written: " + e);
        }
    }

    /** False where the JVM ends already, and the hook has written what there is, or will. */
    private static boolean forget(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
