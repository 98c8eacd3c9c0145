package io.tiercel.http;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.metrics.Operation;
import io.tiercel.shard.Commands;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;

/** GET, HEAD, PUT and DELETE of one object. Threadsafe. */
final class ObjectMethods {
    private static final String ALL = "GET, HEAD, PUT, DELETE";

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
            case "GET" -> new ObjectGet(context, exchange, key).get();
            case "HEAD" -> new ObjectGet(context, exchange, key).head();
            case "PUT" -> new ObjectPut(context, spoolBudget, exchange, key).begin();
            default -> delete(exchange, key, query.isTrue("recursive"));
        }
    }

    private void delete(Exchange exchange, Key key, boolean isRecursive) {
        ObjectPut.refuseConditions(exchange.request(), Set.of(HttpHeader.IF_MATCH, HttpHeader.IF_NONE_MATCH,
                HttpHeader.IF_MODIFIED_SINCE, HttpHeader.IF_UNMODIFIED_SINCE));
        exchange.await(commands.delete(key, isRecursive, context.requestTimeoutMs()),
                _ -> exchange.empty(HttpStatus.NO_CONTENT_204), _ -> {});
    }
}
