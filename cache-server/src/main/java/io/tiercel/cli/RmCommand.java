package io.tiercel.cli;

import io.tiercel.Key;
import io.tiercel.client.TiercelClient;
import io.tiercel.json.JsonWriter;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "rm", description = "Deletes in the store and drops from the cache; what is not there is no error.")
final class RmCommand extends NodeCommand {
    @Parameters(paramLabel = "KEY", converter = KeyConverter.class, description = "The object; with -r a prefix, with everything under it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Key key;

    @Option(names = "-r", description = "Delete everything at and under KEY.")
    private boolean recursive;

    RmCommand(Console console) {
        super(console);
    }

    @Override
    int run(TiercelClient client) throws IOException {
        boolean deleted = recursive ? client.deleteRecursively(key) : client.delete(key);
        if (isJson()) {
            console().line(new JsonWriter().beginObject().field("key", key.toString()).field("deleted", deleted)
                    .endObject().toString());
        }
        return ExitCode.DONE;
    }
}
