package io.tiercel.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "completion", description = "Prints a script that completes commands and options: source <(tiercel completion), in bash or zsh.")
final class CompletionCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    CompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (common.isJson()) {
            throw new UsageException("--json: a completion script is no JSON");
        }
        console.line(AutoComplete.bash("tiercel", TiercelCommand.whole(console)));
        return ExitCode.DONE;
    }
}
