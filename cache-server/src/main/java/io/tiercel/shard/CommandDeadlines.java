package io.tiercel.shard;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Until when commands of other threads are to be answered whose operation has no deadline of its own. What a late one
 * asked for goes on; its outcome reaches nobody. Single writer: shard agent.
 */
final class CommandDeadlines {
    private record Waiting(CompletableFuture<?> future, long deadlineNs, String what) {}

    private final List<Waiting> waiting = new ArrayList<>();

    /** Has a future fail with TIMEOUT at a monotonic time, unless it is done by then. */
    void add(CompletableFuture<?> future, long deadlineNs, String what) {
        if (!future.isDone()) {
            waiting.add(new Waiting(future, deadlineNs, what));
        }
    }

    /** Fails what is late, forgets what is done; answers how many were late. */
    int check(long nowNs) {
        waiting.removeIf(command -> command.future.isDone());
        int late = 0;
        for (int i = waiting.size() - 1; i >= 0; i--) {
            Waiting command = waiting.get(i);
            if (nowNs - command.deadlineNs >= 0) {
                waiting.remove(i);
                command.future.completeExceptionally(new TiercelException(ErrorCode.TIMEOUT, command.what));
                late++;
            }
        }
        return late;
    }
}
