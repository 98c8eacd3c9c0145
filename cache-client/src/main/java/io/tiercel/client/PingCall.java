package io.tiercel.client;

/** Measures one empty round trip, from before it is sent to when its reply is polled, in ns. */
final class PingCall extends Call<Long> {
    private final long startedNs = System.nanoTime();

    PingCall(long deadlineNs) {
        super(deadlineNs);
    }

    @Override
    String what() {
        return "ping";
    }

    @Override
    boolean trySend(RequestSender sender) {
        return sender.ping(correlationId());
    }

    @Override
    void onPong() {
        complete(System.nanoTime() - startedNs);
    }
}
