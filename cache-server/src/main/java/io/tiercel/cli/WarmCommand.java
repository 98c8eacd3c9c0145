package io.tiercel.cli;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.client.EntryKind;
import io.tiercel.client.ListEntry;
import io.tiercel.client.ListOptions;
import io.tiercel.client.Listing;
import io.tiercel.client.TiercelClient;
import io.tiercel.json.JsonWriter;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "warm", description = "Reads everything below a folder, so that it is in the cache; prints what came of it.")
final class WarmCommand extends NodeCommand {
    /** Reads at a time: enough to keep a store's permits busy, and few enough to leave some to others. */
    private static final int WINDOW = 16;

    @Parameters(paramLabel = "PREFIX", description = "The folder; / is the root.")
    private String prefix = "";

    private final AtomicLong files = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicReference<@Nullable TiercelException> first = new AtomicReference<>();

    WarmCommand(Console console) {
        super(console);
    }

    @Override
    int run(TiercelClient client) throws IOException {
        Progress progress = new Progress(console());
        try (Listing listing = client.list(prefix, ListOptions.RECURSIVE)) {
            new Window(WINDOW).run(listing, entry -> {
                progress.show(() -> files.get() + " files, " + bytes.get() + " bytes, " + failed.get() + " failed");
                return entry.kind() == EntryKind.FILE ? read(client, entry) : CompletableFuture.completedFuture(null);
            });
        } finally {
            progress.end();
        }
        console().line(isJson()
                ? new JsonWriter().beginObject().field("path", prefix).field("count", files.get())
                        .field("bytes", bytes.get()).field("failed", failed.get()).endObject().toString()
                : bytes.get() + " bytes in " + files.get() + " files, " + failed.get() + " failed");
        TiercelException failure = first.get();
        if (failure != null) {
            throw failure;
        }
        return ExitCode.DONE;
    }

    private CompletableFuture<?> read(TiercelClient client, ListEntry entry) {
        return client.getAsync(Key.of(entry.path())).handle((frame, failure) -> {
            if (frame != null) {
                files.incrementAndGet();
                bytes.addAndGet(frame.length());
                frame.close();
            } else if (failure != null) {
                failed.incrementAndGet();
                Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
                first.compareAndSet(null, cause instanceof TiercelException known
                        ? known
                        : new TiercelException(ErrorCode.INTERNAL, "read failed: " + cause, cause));
            }
            return entry;
        });
    }
}
