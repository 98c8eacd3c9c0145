package io.tiercel.client;

import org.jspecify.annotations.Nullable;

/** Says that the reader file is locked and mapped: from the answer on, gets may be answered with places. */
final class AttachCall extends Call<@Nullable Void> {
    AttachCall(long deadlineNs) {
        super(deadlineNs);
    }

    @Override
    String what() {
        return "attach";
    }

    @Override
    boolean trySend(RequestSender sender) {
        return sender.attach(correlationId());
    }

    @Override
    void onAck() {
        completeWithNull();
    }
}
