package io.tiercel.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench report}: what {@code bench rig} measured, as tables and pictures. */
@Command(name = "report", description = "Turns results of rigs into a page of tables and SVG charts each.")
public final class ReportCommand implements Callable<Integer> {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this.")
    @SuppressWarnings("UnusedVariable") // picocli asks the annotation
    private boolean isHelpWanted;

    @Option(names = "--to", paramLabel = "DIR", defaultValue = "docs/benchmarks", description = "Where to: ${DEFAULT-VALUE}.")
    private Path folder = Path.of("");

    @Parameters(paramLabel = "FILE.json", arity = "1..*", description = "What bench rig --out wrote; the page is named like it.")
    private List<Path> results = List.of();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** All files are read before anything is written. */
    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new ParameterException(spec.commandLine(), "--to=" + folder + ": there is no such folder");
        }
        List<RigPage> pages = results.stream().map(this::page).toList();
        for (RigPage page : pages) {
            for (Path written : page.write()) {
                spec.commandLine().getOut().println(written);
            }
        }
        return 0;
    }

    private RigPage page(Path file) {
        try {
            return new RigPage(RunResult.read(file), folder, file.toFile().getName().replaceFirst("\\.json$", ""));
        } catch (BadResultException | IOException e) {
            throw new ParameterException(spec.commandLine(), file + ": no results of rigs: " + e.getMessage(), e);
        }
    }
}
