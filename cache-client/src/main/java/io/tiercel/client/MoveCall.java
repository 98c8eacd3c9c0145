package io.tiercel.client;

import io.tiercel.Key;
import io.tiercel.wire.codec.Flag;
import io.tiercel.wire.codec.PutReplyDecoder;

/** Gives an object another key, or makes a second one of it. */
final class MoveCall extends Call<PutResult> {
    private final Key from;
    private final Key to;
    private final boolean keepsSource;
    private final boolean overwrite;

    MoveCall(long deadlineNs, Key from, Key to, boolean keepsSource, boolean overwrite) {
        super(deadlineNs);
        this.from = from;
        this.to = to;
        this.keepsSource = keepsSource;
        this.overwrite = overwrite;
    }

    @Override
    String what() {
        return (keepsSource ? "copy of " : "move of ") + from + " to " + to;
    }

    @Override
    boolean trySend(RequestSender sender) {
        return sender.move(correlationId(), timeoutMs(), from, to, keepsSource, overwrite);
    }

    @Override
    void onPut(PutReplyDecoder reply) {
        boolean created = reply.created() == Flag.YES;
        complete(new PutResult(reply.etag(), created));
    }
}
