package io.tiercel.cli;

import io.tiercel.client.TiercelClient;
import io.tiercel.client.Totals;
import io.tiercel.json.JsonWriter;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "du", description = "Counts the files below a folder and their bytes.")
final class DuCommand extends NodeCommand {
    @Parameters(paramLabel = "PREFIX", arity = "0..1", defaultValue = "", description = "The folder (default: the root).")
    private String prefix = "";

    DuCommand(Console console) {
        super(console);
    }

    @Override
    int run(TiercelClient client) throws IOException {
        Totals totals = client.totals(prefix);
        String newest = Times.utc(totals.newestMs());
        console().line(isJson()
                ? new JsonWriter().beginObject().field("path", prefix).field("count", totals.count())
                        .field("bytes", totals.bytes()).field("newest", newest).endObject().toString()
                : totals.bytes() + " bytes in " + totals.count() + " files, newest " + (newest == null ? "-" : newest));
        return ExitCode.DONE;
    }
}
