package io.tiercel.cli;

import io.tiercel.cli.demo.Demo;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "demo", description = "Shows the main job: a node before Arrow files, read mapped, streamed and over"
        + " HTTP, invalidated, killed and started again. Ends with 0 only when all of it held.")
final class DemoCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(names = "--files", paramLabel = "DIR", description = "Serve these files (default: generated ones).")
    private @Nullable Path files;

    @Option(names = "--quick", description = "Leave out the 300 MiB object.")
    private boolean quick;

    DemoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        return Demo.run(files, quick, common.isJson(), console.out(), console.err()) ? ExitCode.DONE : ExitCode.FAILURE;
    }
}
