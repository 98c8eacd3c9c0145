package io.tiercel.cli;

import io.tiercel.client.TiercelClient;
import java.io.IOException;
import picocli.CommandLine.Command;

@Command(name = "status", description = "Prints what the node holds and does.")
final class StatusCommand extends NodeCommand {
    StatusCommand(Console console) {
        super(console);
    }

    @Override
    int run(TiercelClient client) throws IOException {
        String json = client.status();
        if (isJson()) {
            console().line(json);
        } else {
            for (String line : StatusText.of(json)) {
                console().line(line);
            }
        }
        return ExitCode.DONE;
    }
}
