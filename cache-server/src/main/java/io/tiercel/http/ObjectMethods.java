package io.tiercel.http;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.metrics.Operation;
import io.tiercel.shard.Commands;
import io.tiercel.shard.EntryKind;
import io.tiercel.shard.ReadResult;
import io.tiercel.shard.Served;
import io.tiercel.shard.StatResult;
import io.tiercel.tier.Pinned;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.util.Callback;

/** GET, HEAD, PUT and DELETE of one object. Threadsafe. */
final class ObjectMethods {
    private static final String ALL = "GET, HEAD, PUT, DELETE";
    private static final String CACHE_STATUS = "Cache-Status";
    private static final String HIT = "tiercel; hit";
    private static final String MISS = "tiercel; fwd=miss";
    private static final String NO_TYPE = "application/octet-stream";

    /** What somebody stored must not run with the rights of our own pages. */
    private static final HttpField SANDBOX = new HttpField("Content-Security-Policy", "sandbox; default-src 'none'");

    private final HttpGateway.Context context;
    private final Commands commands;
    private final SpoolBudget spoolBudget;

    ObjectMethods(HttpGateway.Context context) {
        this.context = context;
        this.commands = context.commands();
        this.spoolBudget = new SpoolBudget(context.spoolDir(), 2 * context.maxFrame());
    }

    /** Methods left where a store refuses one: a refused write says that the others would be refused too. */
    static String allowedBeside(String refused) {
        return refused.equals("GET") || refused.equals("HEAD") ? "PUT, DELETE" : "GET, HEAD";
    }

    void handle(Exchange exchange, String rawKey) {
        if (!ApiHandler.allows(exchange, ALL)) {
            return;
        }
        String method = exchange.request().getMethod();
        exchange.operation(Operation.valueOf(method));
        Key key = Key.of(PercentCoding.decode(rawKey, ErrorCode.INVALID_KEY));
        Query query = Query.of(exchange.request().getHttpURI().getQuery(),
                method.equals("DELETE") ? Set.of("recursive") : Set.of());
        switch (method) {
            case "GET" -> get(exchange, key);
            case "HEAD" -> head(exchange, key);
            case "PUT" -> new ObjectPut(context, spoolBudget, exchange, key).begin();
            default -> delete(exchange, key, query.isTrue("recursive"));
        }
    }

    private void get(Exchange exchange, Key key) {
        exchange.await(commands.read(key, context.requestTimeoutMs()), result -> answer(exchange, result),
                late -> commands.release(late.frame()));
    }

    private void answer(Exchange exchange, ReadResult result) {
        Pinned frame = result.frame();
        // Not when the last write ends or fails: only when the connection can no longer touch the bytes.
        exchange.atEnd(() -> commands.release(frame));
        describe(exchange, frame.payloadLength(), frame.etag(), frame.contentType(), frame.lastModifiedMs(),
                cacheStatus(result.served()));
        Callback taken = exchange.tryAnswer();
        if (taken != null) {
            exchange.limitTransfer(frame.payloadLength());
            exchange.response().setStatus(HttpStatus.OK_200);
            new PayloadWriter(exchange.response(), frame.payloadByteBuffer(), context.metrics(), taken).iterate();
        }
    }

    private void head(Exchange exchange, Key key) {
        exchange.await(commands.stat(key, context.requestTimeoutMs()), stat -> answer(exchange, key, stat), _ -> {});
    }

    private static void answer(Exchange exchange, Key key, StatResult stat) {
        if (stat.kind() == EntryKind.FOLDER) {
            throw new TiercelException(ErrorCode.INVALID_KEY, "key is a folder, not an object: '" + key + "'");
        }
        describe(exchange, stat.length(), stat.etag(), stat.contentType(), stat.lastModifiedMs(),
                stat.tier().isEmpty() ? MISS : HIT);
        exchange.empty(HttpStatus.OK_200);
    }

    private static void describe(Exchange exchange, long length, String etag, String contentType, long lastModifiedMs,
            String cacheStatus) {
        HttpFields.Mutable fields = exchange.response().getHeaders();
        fields.put(HttpHeader.CONTENT_LENGTH, length);
        fields.put(HttpHeader.CONTENT_TYPE, isFieldValue(contentType) ? contentType : NO_TYPE);
        if (isFieldValue(etag)) {
            fields.put(HttpHeader.ETAG, etag);
        }
        if (lastModifiedMs > 0) {
            fields.putDate(HttpHeader.LAST_MODIFIED, lastModifiedMs);
        }
        fields.put(CACHE_STATUS, cacheStatus);
        fields.put(SANDBOX);
    }

    private static String cacheStatus(Served served) {
        return switch (served) {
            case HEAP, MAPPED -> HIT;
            case LOADED -> MISS + "; stored";
            case COLLAPSED -> MISS + "; collapsed";
            case STORE -> MISS;
        };
    }

    /** Text from a store or from another client, which a header must be able to bear. */
    private static boolean isFieldValue(String text) {
        return !text.isBlank() && text.chars().allMatch(c -> c >= ' ' && c < 0x7F);
    }

    private void delete(Exchange exchange, Key key, boolean isRecursive) {
        ObjectPut.refuseConditions(exchange.request(), Set.of(HttpHeader.IF_MATCH, HttpHeader.IF_NONE_MATCH,
                HttpHeader.IF_MODIFIED_SINCE, HttpHeader.IF_UNMODIFIED_SINCE));
        exchange.await(commands.delete(key, isRecursive, context.requestTimeoutMs()),
                _ -> exchange.empty(HttpStatus.NO_CONTENT_204), _ -> {});
    }
}
