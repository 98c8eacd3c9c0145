package io.tiercel.client;

import io.tiercel.Key;
import io.tiercel.wire.codec.InvalidationScope;
import org.jspecify.annotations.Nullable;

/** Drops a key, a prefix or everything from the cache. */
final class InvalidateCall extends Call<@Nullable Void> {
    private final InvalidationScope scope;
    private final @Nullable Key key;

    private InvalidateCall(long deadlineNs, InvalidationScope scope, @Nullable Key key) {
        super(deadlineNs);
        this.scope = scope;
        this.key = key;
    }

    static InvalidateCall key(Sessions sessions, Key key) {
        return new InvalidateCall(sessions.deadlineNs(0L), InvalidationScope.KEY, key);
    }

    static InvalidateCall prefix(Sessions sessions, Key prefix) {
        return new InvalidateCall(sessions.deadlineNs(0L), InvalidationScope.PREFIX, prefix);
    }

    static InvalidateCall all(Sessions sessions) {
        return new InvalidateCall(sessions.deadlineNs(0L), InvalidationScope.ALL, null);
    }

    @Override
    String what() {
        return "invalidation of " + (key == null ? "everything" : key);
    }

    @Override
    boolean trySend(RequestSender sender) {
        return sender.invalidate(correlationId(), scope, key);
    }

    @Override
    void onAck() {
        completeWithNull();
    }
}
