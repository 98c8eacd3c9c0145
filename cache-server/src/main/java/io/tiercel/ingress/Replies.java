package io.tiercel.ingress;

import io.tiercel.ErrorCode;
import io.tiercel.egress.Session;
import io.tiercel.shard.Outcome;

/** Turns outcomes of the shard into replies. Stateless. */
final class Replies {
    /** Sends a result under a correlation id. */
    @FunctionalInterface
    interface Reply<T> {
        void send(long correlationId, T result);
    }

    private Replies() {}

    static <T> Outcome<T> to(Session session, long correlationId, Reply<T> reply) {
        return new Outcome<>() {
            @Override
            public void onDone(T result) {
                reply.send(correlationId, result);
            }

            @Override
            public void onFailure(ErrorCode code, String message, int retryAfterMs) {
                session.error(correlationId, code, message, retryAfterMs);
            }
        };
    }
}
