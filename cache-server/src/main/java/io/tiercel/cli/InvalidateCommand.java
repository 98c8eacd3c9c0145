package io.tiercel.cli;

import io.tiercel.Key;
import io.tiercel.client.TiercelClient;
import io.tiercel.json.JsonWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "invalidate", description = "Drops from the cache alone. When it returns, no client reads what was cached before.")
final class InvalidateCommand extends NodeCommand {
    @ArgGroup(exclusive = true, multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Scope scope;

    /** Exactly one of them. */
    static final class Scope {
        @Parameters(paramLabel = "KEY", converter = KeyConverter.class, description = "One object.")
        private @Nullable Key key;

        @Option(names = "--prefix", paramLabel = "PREFIX", converter = KeyConverter.class, description = "Everything at and under it, by whole segments.")
        private @Nullable Key prefix;

        @Option(names = "--all", description = "Everything.")
        private boolean all;
    }

    InvalidateCommand(Console console) {
        super(console);
    }

    @Override
    int run(TiercelClient client) throws IOException {
        JsonWriter json = new JsonWriter().beginObject();
        if (scope.key != null) {
            client.invalidate(scope.key);
            json.field("key", scope.key.toString());
        } else if (scope.prefix != null) {
            client.invalidatePrefix(scope.prefix);
            json.field("prefix", scope.prefix.toString());
        } else if (scope.all) {
            client.invalidateAll();
            json.field("all", true);
        }
        if (isJson()) {
            console().line(json.endObject().toString());
        }
        return ExitCode.DONE;
    }
}
