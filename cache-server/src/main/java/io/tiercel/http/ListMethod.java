package io.tiercel.http;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.load.ListQuery;
import io.tiercel.shard.ListingPage;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** GET of a listing. Threadsafe. */
final class ListMethod {
    private static final String PREFIX = "prefix";
    private static final String RECURSIVE = "recursive";
    private static final String DEPTH = "depth";
    private static final String GLOB = "glob";

    private final HttpGateway.Context context;

    ListMethod(HttpGateway.Context context) {
        this.context = context;
    }

    void handle(Exchange exchange) {
        ListQuery query = query(Query.of(exchange.request().getHttpURI().getQuery(),
                Set.of(PREFIX, RECURSIVE, DEPTH, GLOB)));
        exchange.await(context.commands().list(query, context.requestTimeoutMs()),
                first -> new ListingWriter(context, exchange, first).begin(), this::forget);
    }

    private void forget(ListingPage late) {
        context.commands().closeListing(late.cursorId());
    }

    private static ListQuery query(Query query) {
        @Nullable String prefix = query.value(PREFIX);
        @Nullable String glob = query.value(GLOB);
        boolean isRecursive = query.isTrue(RECURSIVE);
        String path = prefix == null || prefix.chars().allMatch(c -> c == '/') ? "" : Key.of(prefix).toString();
        return ListQuery.of(path, depth(query.value(DEPTH), isRecursive || glob != null), glob == null ? "" : glob);
    }

    /** A depth overrides the rest; a pattern descends as far as it must. */
    private static int depth(@Nullable String depth, boolean isDeep) {
        if (depth == null) {
            return isDeep ? Integer.MAX_VALUE : 0;
        }
        if (!depth.matches("[0-9]{1,9}")) {
            throw new TiercelException(ErrorCode.INVALID_ARGUMENT, "depth: expected a whole number from 0");
        }
        return Integer.parseInt(depth);
    }
}
