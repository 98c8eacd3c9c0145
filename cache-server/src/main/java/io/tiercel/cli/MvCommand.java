package io.tiercel.cli;

import io.tiercel.Key;
import io.tiercel.client.PutResult;
import io.tiercel.client.TiercelClient;
import picocli.CommandLine.Command;

@Command(name = "mv", description = "Gives an object another key, in the store, and prints its ETag.")
final class MvCommand extends MoveCommand {
    MvCommand(Console console) {
        super(console);
    }

    @Override
    PutResult move(TiercelClient client, Key source, Key target, boolean overwriting) {
        return client.move(source, target, overwriting, 0L);
    }
}
