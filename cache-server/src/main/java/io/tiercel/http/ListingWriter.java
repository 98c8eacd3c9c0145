package io.tiercel.http;

import io.tiercel.TiercelException;
import io.tiercel.json.JsonWriter;
import io.tiercel.load.ListedEntry;
import io.tiercel.shard.ListingPage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A listing on its way out, a line an entry: the next page is asked for when the network has taken the last, so that a
 * slow reader costs one page and a store nobody reads from is not asked. What fails on the way ends with a line that says
 * so, and a connection cut short: a part never looks like the whole. Threads of Jetty enter it one after another.
 */
final class ListingWriter {
    static final String CONTENT_TYPE = "application/x-ndjson";

    private final HttpGateway.Context context;
    private final Exchange exchange;
    private final ListingPage first;
    private @Nullable Callback answer;

    ListingWriter(HttpGateway.Context context, Exchange exchange, ListingPage first) {
        this.context = context;
        this.exchange = exchange;
        this.first = first;
    }

    void begin() {
        exchange.atEnd(() -> context.commands().closeListing(first.cursorId()));
        answer = exchange.tryAnswer();
        if (answer == null) {
            return;
        }
        exchange.response().setStatus(HttpStatus.OK_200);
        exchange.response().getHeaders().put(HttpHeader.CONTENT_TYPE, CONTENT_TYPE);
        exchange.response().getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        exchange.response().getHeaders().put(ObjectGet.CACHE_STATUS, ObjectGet.cacheStatus(first.served()));
        if (HttpMethod.HEAD.is(exchange.request().getMethod())) {
            exchange.response().write(true, ByteBuffer.allocate(0), answer);
        } else {
            write(first);
        }
    }

    private void write(ListingPage page) {
        StringBuilder lines = new StringBuilder();
        page.entries().forEach(entry -> lines.append(line(entry)).append('\n'));
        send(page.isLast(), lines.toString(), page.isLast() ? answer() : Callback.from(this::next, answer()::failed));
    }

    private void next() {
        CompletableFuture<ListingPage> _ = context.commands().nextPage(first.cursorId(), context.requestTimeoutMs())
                .whenComplete((page, failure) ->
                // Off the shard's thread.
                exchange.request().getComponents().getExecutor().execute(() -> goOn(page, failure)));
    }

    private void goOn(ListingPage page, @Nullable Throwable failure) {
        try {
            if (failure == null) {
                write(page);
            } else {
                breakOff(failure);
            }
        } catch (RuntimeException e) {
            answer().failed(e);
        }
    }

    private void breakOff(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        Problem problem = cause instanceof TiercelException known ? Problem.of(known) : Problem.defect();
        send(false, "{\"error\":" + problem.json() + "}\n", Callback.from(() -> answer().failed(cause),
                answer()::failed));
    }

    /** Writes some text; a client that takes none of it for too long is cut off. */
    private void send(boolean isLast, String text, Callback then) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        EndPoint endPoint = exchange.request().getConnectionMetaData().getConnection().getEndPoint();
        Scheduler.Task guard = exchange.request().getComponents().getScheduler().schedule(
                () -> endPoint.close(new TimeoutException("slower than " + context.minRate() + " bytes/s")),
                context.idleTimeoutMs() + utf8.length * 1000L / context.minRate(), TimeUnit.MILLISECONDS);
        context.metrics().sent(utf8.length);
        exchange.response().write(isLast, ByteBuffer.wrap(utf8), Callback.from(guard::cancel, then));
    }

    private Callback answer() {
        if (answer == null) {
            throw new IllegalStateException("the listing has not begun");
        }
        return answer;
    }

    static String line(ListedEntry entry) {
        return new JsonWriter().beginObject().field("path", entry.path())
                .field("type", entry.isFolder() ? "folder" : "file").field("length", entry.length())
                .field("etag", entry.etag().isEmpty() ? null : entry.etag()).field("lastModified",
                        entry.lastModifiedMs() == 0 ? null : Instant.ofEpochMilli(entry.lastModifiedMs()).toString())
                .endObject().toString();
    }
}
