package io.tiercel.cli;

import io.tiercel.Key;
import io.tiercel.client.PutResult;
import io.tiercel.client.TiercelClient;
import picocli.CommandLine.Command;

@Command(name = "cp", description = "Makes a second object of one, in the store, and prints its ETag.")
final class CpCommand extends MoveCommand {
    CpCommand(Console console) {
        super(console);
    }

    @Override
    PutResult move(TiercelClient client, Key source, Key target, boolean overwriting) {
        return client.copy(source, target, overwriting, 0L);
    }
}
