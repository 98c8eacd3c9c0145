package io.tiercel.http;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.shard.MoveRequest;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;

/** POST of a move or a copy. Threadsafe. */
final class MoveMethod {
    private static final String FROM = "from";
    private static final String TO = "to";
    private static final String OVERWRITE = "overwrite";

    private final HttpGateway.Context context;

    MoveMethod(HttpGateway.Context context) {
        this.context = context;
    }

    /** Gives an object another key, or a second one: 201 where there was none, else 204, with the ETag. */
    void handle(Exchange exchange, boolean isCopy) {
        Query query = Query.of(exchange.request().getHttpURI().getQuery(), Set.of(FROM, TO, OVERWRITE));
        MoveRequest request = new MoveRequest(key(query, FROM), key(query, TO), isCopy, query.isTrue(OVERWRITE), context
                .requestTimeoutMs());
        exchange.await(context.commands().move(request), result -> {
            if (ObjectGet.isFieldValue(result.etag())) {
                exchange.response().getHeaders().put(HttpHeader.ETAG, result.etag());
            }
            exchange.empty(result.created() ? HttpStatus.CREATED_201 : HttpStatus.NO_CONTENT_204);
        }, _ -> {});
    }

    private static Key key(Query query, String name) {
        String value = query.value(name);
        if (value == null) {
            throw new TiercelException(ErrorCode.INVALID_ARGUMENT, "expected from=KEY and to=KEY");
        }
        return Key.of(value);
    }
}
