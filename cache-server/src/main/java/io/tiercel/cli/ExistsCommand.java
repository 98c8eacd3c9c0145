package io.tiercel.cli;

import io.tiercel.Key;
import io.tiercel.client.TiercelClient;
import io.tiercel.json.JsonWriter;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "exists", description = "Says by its exit code whether an object or folder is there: 0 yes, 3 no.")
final class ExistsCommand extends NodeCommand {
    @Parameters(paramLabel = "KEY", converter = KeyConverter.class, description = "The object or folder.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Key key;

    ExistsCommand(Console console) {
        super(console);
    }

    @Override
    int run(TiercelClient client) throws IOException {
        boolean exists = client.exists(key);
        if (isJson()) {
            console().line(new JsonWriter().beginObject().field("key", key.toString()).field("exists", exists)
                    .endObject().toString());
        }
        return exists ? ExitCode.DONE : ExitCode.NOT_FOUND;
    }
}
