package io.tiercel.client;

import io.tiercel.Key;
import io.tiercel.wire.codec.TextDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Asks for the node's state as JSON, or for what would answer a read. */
final class StatusCall extends Call<String> {
    private final @Nullable Key explained;

    /** @param explained null for the node's state. */
    StatusCall(long deadlineNs, @Nullable Key explained) {
        super(deadlineNs);
        this.explained = explained;
    }

    @Override
    String what() {
        return explained == null ? "status" : "explanation of " + explained;
    }

    @Override
    boolean trySend(RequestSender sender) {
        return explained == null ? sender.status(correlationId()) : sender.explain(correlationId(), explained);
    }

    @Override
    void onText(TextDecoder reply) {
        byte[] utf8 = new byte[reply.textLength()];
        reply.getText(utf8, 0, utf8.length);
        complete(new String(utf8, StandardCharsets.UTF_8));
    }
}
