package io.tiercel.cli;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A line on a terminal that says how far a command is; nothing where there is none. Not threadsafe. */
final class Progress {
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Console console;
    private long shownNs = System.nanoTime() - INTERVAL_NS;
    private int length;

    Progress(Console console) {
        this.console = console;
    }

    /** Shows a text instead of the one before; most calls do nothing. */
    void show(Supplier<String> text) {
        if (console.isTerminal() && System.nanoTime() - shownNs >= INTERVAL_NS) {
            shownNs = System.nanoTime();
            String line = text.get();
            console.err().print('\r' + line + " ".repeat(Math.max(0, length - line.length())));
            console.err().flush();
            length = line.length();
        }
    }

    /** Takes the line away. */
    void end() {
        if (length > 0) {
            console.err().print('\r' + " ".repeat(length) + '\r');
            console.err().flush();
        }
    }
}
