package io.tiercel.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * What a command sees of its process: environment and standard streams. Results go to {@link #out()}, raw, since
 * {@link PrintStream} would hide that nobody reads any more; everything else goes to {@link #err()}. Not threadsafe.
 */
final class Console {
    private static final int OUT_BUFFER_LENGTH = 64 * 1024;

    private final InputStream in;
    private final OutputStream out;
    private final PrintStream err;
    private final Map<String, String> environment;
    private final BooleanSupplier isTerminal;

    Console(InputStream in, OutputStream out, PrintStream err, Map<String, String> environment) {
        this(in, out, err, environment, () -> false);
    }

    Console(InputStream in, OutputStream out, PrintStream err, Map<String, String> environment,
            BooleanSupplier isTerminal) {
        this.in = in;
        this.out = new BufferedOutputStream(out, OUT_BUFFER_LENGTH);
        this.err = err;
        this.environment = environment;
        this.isTerminal = isTerminal;
    }

    /** The process's own. */
    static Console ofProcess() {
        return new Console(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out), System.err,
                System.getenv(), Console::isProcessOnTerminal);
    }

    @SuppressWarnings("SystemConsoleNull") // its contract still allows null
    private static boolean isProcessOnTerminal() {
        java.io.Console terminal = System.console();
        return terminal != null && terminal.isTerminal();
    }

    /** Whether somebody looks on: then progress is shown. */
    boolean isTerminal() {
        return isTerminal.getAsBoolean();
    }

    InputStream in() {
        return in;
    }

    /** Buffered; flushed when the command has ended, or by the command. */
    OutputStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    Map<String, String> environment() {
        return environment;
    }

    /** Writes a line of results. */
    void line(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.write('\n');
    }

    /** Writes a line to standard error, without anything that could move a terminal's cursor. */
    void error(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> printable.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
        err.println(printable);
    }
}
