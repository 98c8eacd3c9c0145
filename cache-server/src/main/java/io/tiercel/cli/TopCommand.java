package io.tiercel.cli;

import io.tiercel.client.TiercelClient;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "top", description = "Shows what the node holds and does, again and again, until it is interrupted.")
final class TopCommand extends NodeCommand {
    private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";

    @Option(names = {"-i",
        "--interval"}, paramLabel = "D", defaultValue = "1s", converter = DurationConverter.class, description = "Time between two looks (default: 1s).")
    private long intervalMs;

    @Option(names = "-n", paramLabel = "COUNT", defaultValue = "0", description = "Looks to take; 0: until interrupted (default).")
    private int count;

    TopCommand(Console console) {
        super(console);
    }

    @Override
    void prepare() {
        if (count < 0) {
            throw new UsageException("-n " + count + ": expected at least 0");
        }
    }

    @Override
    int run(TiercelClient client) throws IOException, InterruptedException {
        for (int looks = 1;; looks++) {
            show(client.status());
            console().out().flush();
            if (looks == count) {
                return ExitCode.DONE;
            }
            TimeUnit.MILLISECONDS.sleep(intervalMs);
        }
    }

    private void show(String status) throws IOException {
        if (isJson()) {
            console().line(status);
            return;
        }
        if (console().isTerminal()) {
            console().out().write(CLEAR_SCREEN.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        for (String line : StatusText.of(status)) {
            console().line(line);
        }
        if (!console().isTerminal()) {
            console().line("");
        }
    }
}
