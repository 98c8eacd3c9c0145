package io.tiercel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.TiercelException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WindowTest {
    @Test
    void shouldPullNoMoreThanTheWindowFromASourceWithoutEndUntilItIsCancelled() {
        AtomicLong pulled = new AtomicLong();
        Iterator<Long> endless = LongStream.generate(pulled::incrementAndGet).iterator();
        Queue<CompletableFuture<Void>> open = new ArrayDeque<>();
        AtomicLong widest = new AtomicLong();

        assertThatThrownBy(() -> new Window(8).run(endless, item -> {
            CompletableFuture<Void> work = new CompletableFuture<>();
            open.add(work);
            widest.accumulateAndGet(open.size(), Math::max);
            if (item == 100_000) {
                Thread.currentThread().interrupt();
            } else if (open.size() == 8) {
                open.remove().complete(null);
            }
            return work;
        })).isInstanceOf(TiercelException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(widest).as("pulled and not completed").hasValue(8);
        assertThat(pulled).hasValue(100_000);
    }

    @Test
    void shouldReturnWhenAllHasEndedAlsoWhatFailed() {
        AtomicLong ended = new AtomicLong();

        new Window(4).run(LongStream.range(0, 1000).iterator(), item -> CompletableFuture.runAsync(() -> {
            ended.incrementAndGet();
            if (item % 3 == 0) {
                throw new IllegalStateException("planned");
            }
        }));

        assertThat(ended).hasValue(1000);
    }

    @Test
    void shouldGiveRoomBackWhenTheSourceFails() {
        Window window = new Window(1);
        Iterator<Long> failing = LongStream.generate(() -> {
            throw new IllegalStateException("planned");
        }).iterator();

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> window.run(failing, item -> CompletableFuture.completedFuture(null)))
                    .isInstanceOf(IllegalStateException.class);
        }
    }
}
