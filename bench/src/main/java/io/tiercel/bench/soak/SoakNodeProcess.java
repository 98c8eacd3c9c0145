package io.tiercel.bench.soak;

import io.tiercel.cli.TiercelCommand;
import java.io.IOException;

/**
 * Main class of the node's process: {@code tiercel} with the arguments given, which also ends when the process that
 * started it does, since the kernel closes its standard input then.
 */
final class SoakNodeProcess {
    private SoakNodeProcess() {}

    public static void main(String[] arguments) {
        Thread.ofPlatform().daemon().name("end-of-input").start(SoakNodeProcess::endWithInput);
        TiercelCommand.main(arguments);
    }

    /** At once: what is killed leaves no less behind. */
    static void endWithInput() {
        try {
            int read = System.in.read();
            while (read >= 0) {
                read = System.in.read();
            }
        } catch (IOException e) {
            System.err.println("standard input cannot be read: " + e);
        }
        Runtime.getRuntime().halt(1);
    }
}
