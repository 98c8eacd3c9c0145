package io.tiercel.cli;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever ends a command into a line on standard error and an exit code. Not threadsafe. */
final class Errors {
    private final Console console;

    Errors(Console console) {
        this.console = console;
    }

    /** A command line that cannot be read. */
    int onUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        console.error(name + ": " + usageMessage(e) + " (see '" + name + " --help')");
        return ExitCode.USAGE;
    }

    private static String usageMessage(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return firstLine(message(e)).replaceFirst("^Error: ", "");
        }
        boolean isRoot = e.getCommandLine().getParent() == null;
        String message = isRoot && !unmatched.isUnknownOption()
                ? "no such command: " + unmatched.getUnmatched().get(0)
                : firstLine(message(e));
        List<String> suggestions = unmatched.getSuggestions();
        return suggestions.isEmpty() ? message : message + "; did you mean " + suggestions.getFirst() + "?";
    }

    /** A command that began and failed. */
    int onFailure(Throwable e, boolean isVerbose) {
        if (isBrokenPipe(e)) {
            return ExitCode.DONE; // Who reads has enough, as with head.
        }
        report(e);
        if (isVerbose) {
            e.printStackTrace(console.err());
        }
        return exitCode(e);
    }

    private void report(Throwable e) {
        if (e instanceof TiercelException known && known.code() == ErrorCode.BAD_CONFIGURATION) {
            message(e).lines().forEach(line -> console.error("tiercel: " + line));
        } else {
            console.error("tiercel: " + (isExpected(e) ? message(e) : "internal error: " + e));
        }
    }

    private static boolean isExpected(Throwable e) {
        return e instanceof TiercelException || e instanceof IOException || e instanceof UsageException;
    }

    private static int exitCode(Throwable e) {
        if (e instanceof TiercelException known) {
            return ExitCode.of(known.code());
        }
        return e instanceof UsageException ? ExitCode.USAGE : ExitCode.FAILURE;
    }

    private static String message(Throwable e) {
        String text = String.valueOf(e.getMessage());
        if (e instanceof NoSuchFileException || e instanceof FileNotFoundException) {
            return "no such file or folder: " + text;
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied: " + text;
        }
        return text;
    }

    /** What a pipe's writer is told whose reader has gone. */
    static boolean isBrokenPipe(Throwable e) {
        return e instanceof IOException && "Broken pipe".equals(e.getMessage());
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
