package io.tiercel.client;

import io.tiercel.TiercelException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * What could not be sent at once, since the node is behind, and payloads that go out piece by piece. Any thread adds;
 * the polling thread flushes, so that no caller ever blocks the poll. Holds calls under way only, so it is bounded as
 * they are; notices that do not fit are dropped, since the node only saves work by them.
 */
final class Outbox {
    private static final int MAX_NOTICES = 1024;

    /** A message that nobody waits for. */
    interface Notice {
        boolean trySend(RequestSender sender);
    }

    private final ConcurrentLinkedQueue<Call<?>> calls = new ConcurrentLinkedQueue<>();
    private final ManyToOneConcurrentArrayQueue<Notice> notices = new ManyToOneConcurrentArrayQueue<>(MAX_NOTICES);

    void add(Call<?> call) {
        calls.add(call);
    }

    void add(Notice notice) {
        notices.offer(notice);
    }

    boolean isEmpty() {
        return calls.isEmpty() && notices.isEmpty();
    }

    /**
     * Sends until all is sent or the node is behind; answers how many messages went.
     *
     * @throws TiercelException NODE_UNAVAILABLE when the connection is gone.
     */
    int flush(RequestSender sender) {
        if (isEmpty()) {
            return 0;
        }
        long before = sender.sent();
        Notice notice;
        while ((notice = notices.peek()) != null && notice.trySend(sender)) {
            notices.poll();
        }
        @Nullable Call<?> first = null;
        Call<?> call;
        while ((call = calls.peek()) != null && !call.equals(first)) {
            calls.poll();
            if (!call.isDone() && !call.trySend(sender)) {
                calls.add(call);
                first = first == null ? call : first;
            }
        }
        return (int) (sender.sent() - before);
    }
}
