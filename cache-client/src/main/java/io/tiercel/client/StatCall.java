package io.tiercel.client;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.wire.codec.StatReplyDecoder;
import org.jspecify.annotations.Nullable;

/** Asks what a path names; null when nothing. */
final class StatCall extends Call<@Nullable Stat> {
    private final Key key;

    StatCall(long deadlineNs, Key key) {
        super(deadlineNs);
        this.key = key;
    }

    @Override
    String what() {
        return "stat of " + key;
    }

    @Override
    boolean trySend(RequestSender sender) {
        return sender.stat(correlationId(), timeoutMs(), key);
    }

    @Override
    void onError(ErrorCode code, int retryAfterMs, String message) {
        if (code == ErrorCode.NOT_FOUND) {
            completeWithNull();
        } else {
            super.onError(code, retryAfterMs, message);
        }
    }

    @Override
    void onStat(StatReplyDecoder reply) {
        EntryKind kind = WireTypes.kind(reply.kind());
        Served tier = WireTypes.served(reply.served());
        String etag = reply.etag();
        String contentType = reply.contentType();
        String mount = reply.mount();
        complete(new Stat(key, kind, reply.length(), etag, contentType, reply.lastModifiedMs(), reply.expiresAtMs(),
                tier, mount, reply.weight(), reply.epoch()));
    }
}
