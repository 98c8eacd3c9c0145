package io.tiercel.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program: picks the command, and turns how it ended into an exit code. */
@Command(name = "tiercel", description = "A tiered cache node for large immutable objects, and its client.", exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
    "0:done", "1:failure", "2:bad usage or configuration", "3:not found",
    "4:refused (credentials, precondition, too large, read-only)",
    "5:unavailable or timed out (node or store)"}, commandListHeading = "%nCommands ('tiercel COMMAND --help' tells more):%n", synopsisSubcommandLabel = "COMMAND")
public final class TiercelCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Print this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private boolean help;

    TiercelCommand() {}

    public static void main(String[] args) {
        System.exit(run(Console.ofProcess(), args));
    }

    /** Runs one command to its end. */
    static int run(Console console, String... args) {
        boolean isServe = args.length > 0 && args[0].equals(Subcommand.SERVE.toString());
        ServeCommand serve = isServe
                ? ServeCommand.tryOf(console, List.of(args).subList(1, args.length))
                : null;
        return serve == null ? runParsed(console, args) : runServe(console, serve);
    }

    private static int runServe(Console console, ServeCommand serve) {
        try {
            return serve.call();
        } catch (Exception e) {
            return new Errors(console).onFailure(e, serve.isVerbose());
        }
    }

    private static int runParsed(Console console, String... args) {
        Errors errors = new Errors(console);
        CommandLine line = commandLine(console, args);
        line.setParameterExceptionHandler(errors::onUsage);
        line.setExecutionExceptionHandler((e, command, parsed) -> errors.onFailure(e, isVerbose(command)));
        line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        int exitCode = line.execute(args);
        try {
            console.out().flush();
            return exitCode;
        } catch (IOException e) {
            return exitCode == ExitCode.DONE ? errors.onFailure(e, false) : exitCode;
        }
    }

    /** The command that is asked for alone: to build all of them takes longer than most of them run. */
    private static CommandLine commandLine(Console console, String... args) {
        Subcommand asked = args.length == 0 ? null : Subcommand.tryOf(args[0]);
        return asked == null ? whole(console) : with(console, asked);
    }

    /** All commands. */
    static CommandLine whole(Console console) {
        return with(console, Subcommand.values());
    }

    private static CommandLine with(Console console, Subcommand... subcommands) {
        CommandLine line = new CommandLine(new TiercelCommand());
        for (Subcommand subcommand : subcommands) {
            line.addSubcommand(subcommand.toString(), subcommand.create(console));
        }
        return line;
    }

    private static boolean isVerbose(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        Object common = spec.mixins().containsKey("common") ? spec.mixins().get("common").userObject() : null;
        return common instanceof CommonOptions options && options.isVerbose();
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected a command");
    }
}
