package io.tiercel.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StoreCallsTest {
    private final LinkedBlockingQueue<Runnable> shard = new LinkedBlockingQueue<>();
    private final StoreCalls calls = new StoreCalls(shard::add, 2, 1);

    @Test
    void shouldGrantPermitsUpToLimitThenQueueThenRefuse() {
        List<String> granted = new ArrayList<>();

        boolean first = calls.acquire(() -> granted.add("first"));
        boolean second = calls.acquire(() -> granted.add("second"));
        boolean third = calls.acquire(() -> granted.add("third"));
        boolean fourth = calls.acquire(() -> granted.add("fourth"));

        assertThat(List.of(first, second, third, fourth)).containsExactly(true, true, true, false);
        assertThat(granted).containsExactly("first", "second");
        assertThat(calls.skipped()).isEqualTo(1);
        calls.release();
        assertThat(granted).containsExactly("first", "second", "third");
        assertThat(calls.active()).isEqualTo(2);
    }

    @Test
    void shouldBringOutcomeBackAsTaskOfShard() throws InterruptedException {
        List<String> outcomes = new ArrayList<>();

        calls.run("call", () -> "result", (result, failure) -> outcomes.add(result));
        Runnable task = shard.poll(10, TimeUnit.SECONDS);

        assertThat(outcomes).isEmpty();
        assertThat(task).isNotNull();
        task.run();
        assertThat(outcomes).containsExactly("result");
    }

    @Test
    void shouldReportFailureOfInterruptedCall() throws InterruptedException {
        List<Throwable> failures = new ArrayList<>();
        Thread thread = calls.run("call", () -> {
            new CountDownLatch(1).await();
            return "never";
        }, (result, failure) -> failures.add(failure));
        assertThat(calls.hasRunning()).isTrue();

        thread.interrupt();
        Runnable task = shard.poll(10, TimeUnit.SECONDS);

        assertThat(task).isNotNull();
        task.run();
        assertThat(failures).singleElement().isInstanceOf(InterruptedException.class);
    }

    @Test
    void shouldInterruptCallPastItsDeadlineAndSayWhy() throws InterruptedException {
        List<Throwable> failures = new ArrayList<>();
        calls.run("hung", 1_000L, () -> {
            new CountDownLatch(1).await();
            return "never";
        }, (result, failure) -> failures.add(failure));

        int early = calls.checkDeadlines(999L);
        int late = calls.checkDeadlines(1_001L);
        Runnable task = shard.poll(10, TimeUnit.SECONDS);

        assertThat(early).isZero();
        assertThat(late).isEqualTo(1);
        assertThat(task).isNotNull();
        task.run();
        assertThat(failures).singleElement().isInstanceOfSatisfying(TiercelException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
    }

    @Test
    void shouldStartNothingMoreOnceShutDown() {
        List<String> granted = new ArrayList<>();
        calls.acquire(() -> granted.add("first"));
        calls.acquire(() -> granted.add("second"));
        calls.acquire(() -> granted.add("queued"));

        calls.shutDown();
        calls.release();
        boolean late = calls.acquire(() -> granted.add("late"));

        assertThat(granted).containsExactly("first", "second");
        assertThat(late).isFalse();
    }
}
