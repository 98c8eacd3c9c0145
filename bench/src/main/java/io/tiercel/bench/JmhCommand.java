package io.tiercel.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.Main;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench jmh}: JMH with its own arguments. */
@Command(name = "jmh", description = "Runs the JMH benchmarks.", footer = "@|bold -h|@ lists JMH's own options.")
final class JmhCommand implements Callable<Integer> {
    @Option(names = "--help", usageHelp = true, description = "Shows this.")
    @SuppressWarnings("UnusedVariable") // picocli asks the annotation
    private boolean isHelpWanted;

    @Parameters(paramLabel = "ARGS", description = "What JMH takes: patterns of names, and options.")
    private List<String> arguments = new ArrayList<>();

    /** JMH ends the process itself, with exit code 1, where it fails. */
    @Override
    public Integer call() throws IOException {
        Main.main(arguments.toArray(String[]::new));
        return 0;
    }
}
