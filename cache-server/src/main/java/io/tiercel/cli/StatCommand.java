package io.tiercel.cli;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.client.EntryKind;
import io.tiercel.client.Stat;
import io.tiercel.client.TiercelClient;
import io.tiercel.json.JsonWriter;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "stat", description = "Prints what is known of an object or folder.")
final class StatCommand extends NodeCommand {
    @Parameters(paramLabel = "KEY", converter = KeyConverter.class, description = "The object or folder.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Key key;

    StatCommand(Console console) {
        super(console);
    }

    @Override
    int run(TiercelClient client) throws IOException {
        Stat stat = client.stat(key);
        if (stat == null) {
            throw new TiercelException(ErrorCode.NOT_FOUND, "no such object or folder: " + key);
        }
        if (isJson()) {
            console().line(json(stat));
        } else {
            print(stat);
        }
        return ExitCode.DONE;
    }

    private static String json(Stat stat) {
        return new JsonWriter().beginObject().field("key", stat.key().toString()).field("type", type(stat.kind()))
                .field("length", stat.length()).field("etag", orNull(stat.etag()))
                .field("contentType", orNull(stat.contentType())).field("lastModified", Times.utc(stat
                        .lastModifiedMs()))
                .field("expires", Times.utc(stat.expiresAtMs())).field("tier", tier(stat)).field("mount", stat.mount())
                .field("weightBytes", stat.weight()).field("epoch", stat.epoch()).endObject().toString();
    }

    private void print(Stat stat) throws IOException {
        print("key", stat.key().toString());
        print("type", type(stat.kind()));
        print("length", Long.toString(stat.length()));
        print("etag", orNull(stat.etag()));
        print("content type", orNull(stat.contentType()));
        print("last modified", Times.utc(stat.lastModifiedMs()));
        print("expires", Times.utc(stat.expiresAtMs()));
        print("tier", tier(stat));
        print("mount", stat.mount().isEmpty() ? "(root)" : stat.mount());
        print("weight", Long.toString(stat.weight()));
        print("epoch", Long.toString(stat.epoch()));
    }

    private void print(String name, @Nullable String value) throws IOException {
        console().line(String.format("%-14s %s", name, value == null ? "-" : value));
    }

    static String type(EntryKind kind) {
        return kind == EntryKind.FILE ? "file" : "folder";
    }

    private static String tier(Stat stat) {
        return stat.tier().name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
