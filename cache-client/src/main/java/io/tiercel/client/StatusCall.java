package io.tiercel.client;

import io.tiercel.wire.codec.TextDecoder;
import java.nio.charset.StandardCharsets;

/** Asks for the node's state as JSON. */
final class StatusCall extends Call<String> {
    StatusCall(long deadlineNs) {
        super(deadlineNs);
    }

    @Override
    String what() {
        return "status";
    }

    @Override
    boolean trySend(RequestSender sender) {
        return sender.status(correlationId());
    }

    @Override
    void onText(TextDecoder reply) {
        byte[] utf8 = new byte[reply.textLength()];
        reply.getText(utf8, 0, utf8.length);
        complete(new String(utf8, StandardCharsets.UTF_8));
    }
}
