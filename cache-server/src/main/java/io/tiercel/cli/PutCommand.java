package io.tiercel.cli;

import io.tiercel.Key;
import io.tiercel.client.PutOptions;
import io.tiercel.client.PutResult;
import io.tiercel.client.TiercelClient;
import io.tiercel.json.JsonWriter;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "put", description = "Stores a file's bytes and prints their ETag.")
final class PutCommand extends NodeCommand {
    @Parameters(index = "0", paramLabel = "KEY", converter = KeyConverter.class, description = "The object.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Key key;

    @Parameters(index = "1", paramLabel = "FILE", description = "The bytes; - for standard input.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String file;

    @Option(names = "--content-type", paramLabel = "TYPE", defaultValue = "", description = "What readers are told.")
    private String contentType = "";

    @Option(names = "--ttl", paramLabel = "D", converter = DurationConverter.class, description = "When it expires, for example 10m (default: as the mount says).")
    private @Nullable Long ttlMs;

    @Option(names = "--if-absent", description = "Refuse when there is an object already.")
    private boolean ifAbsent;

    @Option(names = "--if-match", paramLabel = "ETAG", description = "Refuse unless the object has this ETag.")
    private @Nullable String ifMatch;

    private @Nullable InputBytes input; // from prepare on

    PutCommand(Console console) {
        super(console);
    }

    @Override
    void prepare() throws IOException {
        if (ifAbsent && ifMatch != null) {
            throw new UsageException("--if-absent and --if-match cannot both hold: give one of them");
        }
        input = file.equals("-") ? InputBytes.spool(console().in()) : InputBytes.map(file);
    }

    @Override
    int run(TiercelClient client) throws IOException {
        InputBytes bytes = Objects.requireNonNull(input);
        PutResult result = client.put(key, bytes.buffer(), options());
        if (isJson()) {
            console().line(new JsonWriter().beginObject().field("key", key.toString()).field("etag", result.etag())
                    .field("created", result.created()).field("length", bytes.buffer().remaining()).endObject()
                    .toString());
        } else {
            console().line(result.etag());
        }
        return ExitCode.DONE;
    }

    private PutOptions options() {
        PutOptions options = PutOptions.DEFAULTS.timeout(timeoutMs(), TimeUnit.MILLISECONDS);
        try {
            options = contentType.isEmpty() ? options : options.contentType(contentType);
            options = ttlMs == null ? options : options.ttl(ttlMs, TimeUnit.MILLISECONDS);
            options = ifAbsent ? options.ifAbsent() : options;
            return ifMatch == null ? options : options.ifMatch(ifMatch);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }
}
