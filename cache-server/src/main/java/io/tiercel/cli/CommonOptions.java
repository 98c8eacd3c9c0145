package io.tiercel.cli;

import picocli.CommandLine.Option;

/** Options that every command has. */
final class CommonOptions {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Print this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private boolean help;

    @Option(names = "--json", description = "Print JSON: one document, for listings a line each.")
    private boolean json;

    @Option(names = "--verbose", description = "Print a stack trace when something fails.")
    private boolean verbose;

    /** Takes one option by its name; false when it is none that a command can be run with. */
    boolean tryTake(String name) {
        json |= name.equals("--json");
        verbose |= name.equals("--verbose");
        return name.equals("--json") || name.equals("--verbose");
    }

    boolean isJson() {
        return json;
    }

    boolean isVerbose() {
        return verbose;
    }
}
