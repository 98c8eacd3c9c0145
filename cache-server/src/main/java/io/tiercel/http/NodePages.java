package io.tiercel.http;

import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.json.JsonWriter;
import io.tiercel.metrics.MetricsText;
import io.tiercel.metrics.StatusMetrics;
import io.tiercel.shard.Commands;
import io.tiercel.shard.NodeStatusJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;

/** What is about the node and not about one object: invalidation, status, metrics, health. Threadsafe. */
final class NodePages {
    private static final String JSON = "application/json";
    private static final String KEY = "key";
    private static final String PREFIX = "prefix";
    private static final String ALL = "all";
    private static final String MAPPED = "mapped";

    private final HttpGateway.Context context;
    private final Commands commands;

    NodePages(HttpGateway.Context context) {
        this.context = context;
        this.commands = context.commands();
    }

    /** Drops from the cache and answers with the epoch, once no reader can see what was there. */
    void invalidate(Exchange exchange) {
        Query query = Query.of(exchange.request().getHttpURI().getQuery(), Set.of(KEY, PREFIX, ALL));
        exchange.await(invalidation(query), epoch -> exchange.text(HttpStatus.OK_200, JSON,
                new JsonWriter().beginObject().field("epoch", epoch).endObject().toString()), _ -> {});
    }

    private CompletableFuture<Long> invalidation(Query query) {
        String key = query.value(KEY);
        String prefix = query.value(PREFIX);
        if (query.count() == 1 && key != null) {
            return commands.invalidate(Key.of(key));
        }
        if (query.count() == 1 && prefix != null) {
            if (prefix.isEmpty()) {
                throw new TiercelException(ErrorCode.INVALID_KEY, "prefix is empty: for everything there is all=true");
            }
            return commands.invalidatePrefix(Key.of(prefix));
        }
        if (query.count() == 1 && query.isTrue(ALL)) {
            return commands.invalidateAll();
        }
        throw new TiercelException(ErrorCode.INVALID_ARGUMENT,
                "expected exactly one of key=KEY, prefix=PREFIX and all=true");
    }

    /** Changes the capacity of the mapped tier, in bytes, until the next start. */
    void capacity(Exchange exchange) {
        String bytes = Query.of(exchange.request().getHttpURI().getQuery(), Set.of(MAPPED)).value(MAPPED);
        if (bytes == null || !bytes.matches("[0-9]{1,18}")) {
            throw new TiercelException(ErrorCode.INVALID_ARGUMENT, "expected mapped=BYTES, a whole number");
        }
        exchange.await(commands.mappedCapacity(Long.parseLong(bytes)), capacity -> exchange.text(HttpStatus.OK_200,
                JSON, new JsonWriter().beginObject().field(MAPPED, capacity).endObject().toString()), _ -> {});
    }

    /** Reads the node's configuration again and tells what changed. It may block on a disk, and gets a thread of its own. */
    void reload(Exchange exchange) {
        Query.of(exchange.request().getHttpURI().getQuery(), Set.of());
        CompletableFuture<String> changes = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("tiercel-reload").start(() -> {
            try {
                changes.complete(context.reload().get());
            } catch (RuntimeException e) {
                changes.completeExceptionally(e);
            }
        });
        exchange.await(changes, json -> exchange.text(HttpStatus.OK_200, JSON, json), _ -> {});
    }

    void status(Exchange exchange) {
        Query.of(exchange.request().getHttpURI().getQuery(), Set.of());
        exchange.await(commands.status(),
                status -> exchange.text(HttpStatus.OK_200, JSON, NodeStatusJson.of(status)), _ -> {});
    }

    void explain(Exchange exchange) {
        String key = Query.of(exchange.request().getHttpURI().getQuery(), Set.of(KEY)).value(KEY);
        if (key == null) {
            throw new TiercelException(ErrorCode.INVALID_ARGUMENT, "expected key=KEY");
        }
        exchange.await(commands.explain(Key.of(key)), json -> exchange.text(HttpStatus.OK_200, JSON, json), _ -> {});
    }

    void metrics(Exchange exchange) {
        exchange.await(commands.status(), status -> {
            List<MetricSnapshot> all = new ArrayList<>(StatusMetrics.of(status));
            all.addAll(context.metrics().collect());
            MetricsText text = MetricsText.of(all, exchange.request().getHeaders().get(HttpHeader.ACCEPT));
            exchange.text(HttpStatus.OK_200, text.contentType(), text.text());
        }, _ -> {});
    }

    /** Live: this answers. Ready: the node says that it serves, and its shard answers as well. */
    void health(Exchange exchange, boolean asksReady) {
        if (!asksReady) {
            exchange.text(HttpStatus.OK_200, JSON, "{\"status\":\"live\"}");
        } else if (!context.isReady().getAsBoolean()) {
            exchange.problem(Problem.of(ErrorCode.NODE_UNAVAILABLE, "the node does not serve yet, or no longer"));
        } else {
            exchange.await(commands.status(),
                    _ -> exchange.text(HttpStatus.OK_200, JSON, "{\"status\":\"ready\"}"), _ -> {});
        }
    }
}
