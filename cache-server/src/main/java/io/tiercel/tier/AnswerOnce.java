package io.tiercel.tier;

import io.tiercel.ErrorCode;

/** A listener that may be refused after something went wrong, unless it was answered before. Single writer: shard agent. */
final class AnswerOnce implements AllocationListener {
    private final AllocationListener listener;
    private boolean answered;

    AnswerOnce(AllocationListener listener) {
        this.listener = listener;
    }

    @Override
    public void onAllocated(Allocation allocation) {
        answered = true;
        listener.onAllocated(allocation);
    }

    @Override
    public void onRefused(ErrorCode code, String message) {
        answered = true;
        listener.onRefused(code, message);
    }

    void refuse(String why) {
        if (!answered) {
            onRefused(ErrorCode.NO_SPACE, why);
        }
    }
}
