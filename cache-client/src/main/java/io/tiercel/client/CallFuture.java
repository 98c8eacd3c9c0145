package io.tiercel.client;

import io.tiercel.TiercelException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a call amounts to, some time. Cancelling it abandons the call. */
final class CallFuture<T extends @Nullable Object> extends CompletableFuture<T> implements Call.Listener<T> {
    private final Call<T> call;

    CallFuture(Call<T> call) {
        this.call = call;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean isCancelled = super.cancel(mayInterruptIfRunning);
        if (isCancelled) {
            call.abandon();
        }
        return isCancelled;
    }

    @Override
    public boolean onValue(T value) {
        return complete(value);
    }

    @Override
    public void onFailure(TiercelException why) {
        completeExceptionally(why);
    }
}
