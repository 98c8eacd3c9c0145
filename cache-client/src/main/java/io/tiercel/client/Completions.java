package io.tiercel.client;

import java.util.concurrent.ConcurrentLinkedQueue;

/** Calls that are done and whose futures are still to be told, outside every lock. Threadsafe; bounded by the calls. */
final class Completions {
    private final ConcurrentLinkedQueue<Call<?>> done = new ConcurrentLinkedQueue<>();

    void add(Call<?> call) {
        done.add(call);
    }

    /** Completes the futures that wait; answers how many. */
    int run() {
        int count = 0;
        Call<?> call;
        while ((call = done.poll()) != null) {
            call.tellListener();
            count++;
        }
        return count;
    }
}
