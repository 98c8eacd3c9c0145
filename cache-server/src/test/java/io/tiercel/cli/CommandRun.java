package io.tiercel.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What one command of this process came to. Immutable. */
final class CommandRun {
    private final int exitCode;
    private final ByteArrayOutputStream out;
    private final String err;

    private CommandRun(int exitCode, ByteArrayOutputStream out, String err) {
        this.exitCode = exitCode;
        this.out = out;
        this.err = err;
    }

    static CommandRun of(Map<String, String> environment, byte[] in, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(new ByteArrayInputStream(in), out,
                new PrintStream(err, true, StandardCharsets.UTF_8), environment);
        int exitCode = TiercelCommand.run(console, args);
        return new CommandRun(exitCode, out, err.toString(StandardCharsets.UTF_8));
    }

    /** With an empty environment and nothing to read. */
    static CommandRun of(String... args) {
        return of(Map.of(), new byte[0], args);
    }

    int exitCode() {
        return exitCode;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err;
    }

    List<String> outLines() {
        return out().lines().toList();
    }

    List<String> errLines() {
        return err.lines().toList();
    }
}
