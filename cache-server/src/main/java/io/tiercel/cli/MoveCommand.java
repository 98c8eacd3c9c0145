package io.tiercel.cli;

import io.tiercel.Key;
import io.tiercel.client.PutResult;
import io.tiercel.client.TiercelClient;
import io.tiercel.json.JsonWriter;
import java.io.IOException;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code mv} and {@code cp} share: two keys, and the ETag of what is at the second then. */
abstract class MoveCommand extends NodeCommand {
    @Parameters(index = "0", paramLabel = "FROM", converter = KeyConverter.class, description = "The object.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Key from;

    @Parameters(index = "1", paramLabel = "TO", converter = KeyConverter.class, description = "Its key from then on, whole; in another mount its bytes are copied.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Key to;

    @Option(names = "--overwrite", description = "Replace an object that is at TO.")
    private boolean overwrite;

    MoveCommand(Console console) {
        super(console);
    }

    abstract PutResult move(TiercelClient client, Key source, Key target, boolean overwriting);

    @Override
    final int run(TiercelClient client) throws IOException {
        PutResult result = move(client, from, to, overwrite);
        console().line(isJson()
                ? new JsonWriter().beginObject().field("from", from.toString()).field("to", to.toString())
                        .field("etag", result.etag().isEmpty() ? null : result.etag()).field("created",
                                result.created())
                        .endObject().toString()
                : result.etag());
        return ExitCode.DONE;
    }
}
