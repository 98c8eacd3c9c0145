package io.tiercel.cli;

import io.tiercel.client.EntryKind;
import io.tiercel.client.ListEntry;
import io.tiercel.client.ListOptions;
import io.tiercel.client.Listing;
import io.tiercel.client.TiercelClient;
import io.tiercel.json.JsonWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "ls", description = "Lists a folder as the node sends it, a page at a time; folders end in a slash.")
final class LsCommand extends NodeCommand {
    @Parameters(paramLabel = "PREFIX", arity = "0..1", defaultValue = "", description = "The folder (default: the root).")
    private String prefix = "";

    @Option(names = "-r", description = "List everything below, not the children alone.")
    private boolean recursive;

    @Option(names = "--depth", paramLabel = "N", description = "List so many levels of folders below PREFIX; 0: its children alone.")
    private @Nullable Integer depth;

    @Option(names = "--glob", paramLabel = "PATTERN", defaultValue = "", description = "List the files whose path below PREFIX matches, whole: * ? [a-c] **/")
    private String glob = "";

    LsCommand(Console console) {
        super(console);
    }

    @Override
    void prepare() {
        if (depth != null && depth < 0) {
            throw new UsageException("--depth " + depth + ": expected at least 0");
        }
    }

    private ListOptions options() {
        ListOptions options = recursive || !glob.isEmpty() ? ListOptions.RECURSIVE : ListOptions.DIRECT;
        return (depth == null ? options : options.depth(depth)).glob(glob);
    }

    @Override
    int run(TiercelClient client) throws IOException {
        try (Listing listing = client.list(prefix, options())) {
            while (listing.hasNext()) {
                ListEntry entry = listing.next();
                console().line(isJson() ? json(entry) : text(entry));
            }
        } finally {
            // What came before an error is shown before it; and whoever closed standard output is noticed.
            console().out().flush();
        }
        return ExitCode.DONE;
    }

    private static String text(ListEntry entry) {
        return entry.kind() == EntryKind.FOLDER ? entry.path() + "/" : entry.path();
    }

    private static String json(ListEntry entry) {
        return new JsonWriter().beginObject().field("path", entry.path()).field("type", StatCommand.type(entry.kind()))
                .field("length", entry.length()).field("etag", entry.etag().isEmpty() ? null : entry.etag())
                .field("lastModified", Times.utc(entry.lastModifiedMs())).endObject().toString();
    }
}
