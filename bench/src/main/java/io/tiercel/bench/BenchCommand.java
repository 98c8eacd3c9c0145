package io.tiercel.bench;

import io.tiercel.bench.replay.ReplayCommand;
import io.tiercel.bench.report.ReportCommand;
import io.tiercel.bench.rig.RigCommand;
import io.tiercel.bench.soak.SoakCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Main class of {@code bench/bin/bench}. */
@Command(name = "bench", description = "Measures Tiercel.")
public final class BenchCommand {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this.")
    @SuppressWarnings("UnusedVariable") // picocli asks the annotation
    private boolean isHelpWanted;

    private BenchCommand() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        // Whatever stands behind jmh is JMH's.
        CommandLine jmh = new CommandLine(new JmhCommand()).setUnmatchedOptionsArePositionalParams(true)
                .setExpandAtFiles(false);
        return new CommandLine(new BenchCommand()).addSubcommand(jmh).addSubcommand(new RigCommand())
                .addSubcommand(new ReplayCommand()).addSubcommand(new SoakCommand())
                .addSubcommand(new ReportCommand());
    }
}
