package io.tiercel.client;

import io.tiercel.ErrorCode;
import io.tiercel.Key;

/** Deletes an object, or everything under a prefix; false when there was nothing. */
final class DeleteCall extends Call<Boolean> {
    private final Key key;
    private final boolean recursive;

    private DeleteCall(long deadlineNs, Key key, boolean recursive) {
        super(deadlineNs);
        this.key = key;
        this.recursive = recursive;
    }

    static DeleteCall of(Sessions sessions, Key key, boolean recursive) {
        return new DeleteCall(sessions.deadlineNs(0L), key, recursive);
    }

    @Override
    String what() {
        return (recursive ? "recursive delete of " : "delete of ") + key;
    }

    @Override
    boolean trySend(RequestSender sender) {
        return sender.delete(correlationId(), timeoutMs(), key, recursive);
    }

    @Override
    void onError(ErrorCode code, int retryAfterMs, String message) {
        if (code == ErrorCode.NOT_FOUND) {
            complete(Boolean.FALSE);
        } else {
            super.onError(code, retryAfterMs, message);
        }
    }

    @Override
    void onAck() {
        complete(Boolean.TRUE);
    }
}
