package io.tiercel.load;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.storage.RetryPolicy;
import io.tiercel.storage.StorageException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreCallsTest {
    private static final MountPolicy POLICY = MountPolicy.of(1 << 20).with(Protection.USUAL.withRetry(new RetryPolicy(3,
            100, 1_000), 0.2).withBreaker(1_000, 1_000, 1));

    @TempDir
    Path temp;

    private final StorageException down = StorageException.of(StorageException.Kind.UNAVAILABLE).build();
    private final LinkedBlockingQueue<Runnable> shard = new LinkedBlockingQueue<>();
    private final AtomicLong nowNs = new AtomicLong();
    private final Mount mount = mount("lake", POLICY);
    private final StoreCalls calls = new StoreCalls(shard::add, 2, 1, nowNs::get, new SplittableRandom(1));

    @AfterEach
    void keepNoThreads() {
        calls.shutDown();
    }

    @Test
    void shouldGrantPermitsUpToLimitThenQueueThenRefuse() {
        List<String> granted = new ArrayList<>();

        boolean first = calls.acquire(mount, () -> granted.add("first"));
        boolean second = calls.acquire(mount, () -> granted.add("second"));
        boolean third = calls.acquire(mount, () -> granted.add("third"));
        boolean fourth = calls.acquire(mount, () -> granted.add("fourth"));

        assertThat(List.of(first, second, third, fourth)).containsExactly(true, true, true, false);
        assertThat(granted).containsExactly("first", "second");
        assertThat(calls.skipped()).isEqualTo(1);
        calls.release(mount);
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
        StoreCall call = calls.run("call", () -> {
            new CountDownLatch(1).await();
            return "never";
        }, (result, failure) -> failures.add(failure));
        assertThat(calls.hasRunning()).isTrue();

        call.cancel();
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

    /** A file that cannot be opened keeps a virtual thread's carrier, of which there are as many as processors. */
    @Test
    void shouldRunACallBesideManyThatHangOnFiles() throws Exception {
        Path pipe = temp.resolve("pipe");
        assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0, "the system has pipes");
        int hanging = Runtime.getRuntime().availableProcessors() + 2;
        List<Integer> ends = new ArrayList<>();
        for (int i = 0; i < hanging; i++) {
            calls.run("hung", () -> {
                try (InputStream in = Files.newInputStream(pipe)) {
                    return in.read();
                }
            }, (result, failure) -> ends.add(result));
        }

        List<String> outcomes = new ArrayList<>();
        calls.run("call", () -> "result", (result, failure) -> outcomes.add(result));
        Runnable task = shard.poll(10, TimeUnit.SECONDS);
        assertThat(task).as("the outcome of the last").isNotNull();
        task.run();

        assertThat(outcomes).containsExactly("result");
        try (FileChannel writer = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            writer.write(ByteBuffer.allocate(hanging));
            for (int i = 0; i < hanging; i++) {
                requireNonNull(shard.poll(10, TimeUnit.SECONDS)).run();
            }
        }
        assertThat(ends).hasSize(hanging).containsOnly(0);
    }

    @Test
    void shouldInterruptNoCallForOneBeforeOnItsThread() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        List<@Nullable Throwable> failures = new ArrayList<>();
        int together = 0;
        for (int i = 0; i < 100; i++) {
            StoreCall before = calls.run("before", Thread::currentThread, (result, failure) -> threads.add(result));
            runNext();
            CountDownLatch cancelled = new CountDownLatch(1);
            calls.run("after", () -> {
                cancelled.await();
                return Thread.currentThread();
            }, (result, failure) -> {
                threads.add(result);
                failures.add(failure);
            });
            before.cancel();
            cancelled.countDown();
            runNext();
            together += threads.get(2 * i).equals(threads.get(2 * i + 1)) ? 1 : 0;
        }
        assertThat(failures).hasSize(100).containsOnlyNulls();
        assertThat(together).as("calls on the thread of the one before").isPositive();
    }

    @Test
    void shouldFailACallThatTheSystemHasNoThreadFor() {
        CallThreads none = new CallThreads(_ -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        StoreCalls starved = new StoreCalls(shard::add, 2, 1, nowNs::get, new SplittableRandom(1), none);
        List<Throwable> failures = new ArrayList<>();

        starved.run("call", () -> "never", (result, failure) -> failures.add(failure));
        assertThat(starved.hasRunning()).isFalse();
        assertThat(failures).as("told by a task of the shard").isEmpty();
        shard.remove().run();

        assertThat(failures).singleElement().isInstanceOfSatisfying(TiercelException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
    }

    @Test
    void shouldKeepNoThreadOnceShutDown() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        calls.run("call", Thread::currentThread, (result, failure) -> threads.add(result));
        requireNonNull(shard.poll(10, TimeUnit.SECONDS)).run();

        calls.shutDown();

        threads.getFirst().join(10_000);
        assertThat(threads.getFirst().isAlive()).isFalse();
        calls.run("close", Thread::currentThread, (result, failure) -> threads.add(result));
        requireNonNull(shard.poll(10, TimeUnit.SECONDS)).run();
        assertThat(threads).as("what still has to end gets one").hasSize(2);
    }

    @Test
    void shouldStartNothingMoreOnceShutDown() {
        List<String> granted = new ArrayList<>();
        calls.acquire(mount, () -> granted.add("first"));
        calls.acquire(mount, () -> granted.add("second"));
        calls.acquire(mount, () -> granted.add("queued"));

        calls.shutDown();
        calls.release(mount);
        boolean late = calls.acquire(mount, () -> granted.add("late"));

        assertThat(granted).containsExactly("first", "second");
        assertThat(late).isFalse();
    }

    @Test
    void shouldLeaveAMountItsSharesWhileAnotherHangs() {
        StoreCalls shared = new StoreCalls(shard::add, 8, 8, nowNs::get, new SplittableRandom(1));
        Mount hanging = mount("hanging", POLICY);
        shared.mounts(List.of(hanging, mount), _ -> {});
        List<String> granted = new ArrayList<>();

        for (int i = 0; i < 100; i++) {
            shared.acquire(hanging, () -> granted.add("hanging"));
        }
        boolean isServed = shared.acquire(mount, () -> granted.add("lake"));
        boolean isServedAgain = shared.acquire(mount, () -> granted.add("lake"));
        boolean isQueued = shared.acquire(mount, () -> granted.add("lake"));

        assertThat(List.of(isServed, isServedAgain, isQueued)).containsOnly(true);
        assertThat(granted).hasSize(8).endsWith("lake", "lake");
        shared.release(mount);
        assertThat(granted).hasSize(9).endsWith("lake");
    }

    @Test
    void shouldServeMountsThatWaitInTurns() {
        Mount other = mount("other", POLICY);
        StoreCalls shared = new StoreCalls(shard::add, 1, 8, nowNs::get, new SplittableRandom(1));
        shared.mounts(List.of(mount, other), _ -> {});
        List<String> granted = new ArrayList<>();
        shared.acquire(mount, () -> granted.add("lake 1"));
        shared.acquire(mount, () -> granted.add("lake 2"));
        shared.acquire(mount, () -> granted.add("lake 3"));
        shared.acquire(other, () -> granted.add("other"));

        shared.release(mount);
        shared.release(mount);

        assertThat(granted).containsExactly("lake 1", "lake 2", "other");
    }

    @Test
    void shouldForgetAMountWhenItsLastPermitIsBack() {
        List<String> granted = new ArrayList<>();
        calls.acquire(mount, () -> granted.add("first"));
        calls.acquire(mount, () -> granted.add("second"));
        Mount other = mount("other", POLICY);

        calls.mounts(List.of(other), _ -> {});
        boolean isGranted = calls.acquire(other, () -> granted.add("other"));
        calls.release(mount);
        calls.release(mount);

        assertThat(isGranted).isTrue();
        assertThat(granted).containsExactly("first", "second", "other");
        assertThat(calls.active()).isEqualTo(1);
    }

    @Test
    void shouldTryAgainAfterARestWithinTheAttempts() throws InterruptedException {
        List<@Nullable Throwable> outcomes = new ArrayList<>();
        AtomicInteger attempts = new AtomicInteger();

        calls.ask(mount, "load", () -> {
            attempts.incrementAndGet();
            throw down;
        }, (result, failure) -> outcomes.add(failure));
        for (int i = 0; i < 2; i++) {
            runNext();
            assertThat(outcomes).isEmpty();
            nowNs.addAndGet(TimeUnit.SECONDS.toNanos(1));
            assertThat(calls.checkDeadlines(nowNs.get())).isEqualTo(1);
        }
        runNext();

        assertThat(attempts).hasValue(3);
        assertThat(outcomes).singleElement().isInstanceOfSatisfying(TiercelException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
        assertThat(calls.retried()).isEqualTo(2);
    }

    @Test
    void shouldTryOnceWhatMustNotBeDoneTwice() throws InterruptedException {
        List<@Nullable Throwable> outcomes = new ArrayList<>();

        calls.askOnce(mount, "write", 1_000, () -> {
            throw down;
        }, (result, failure) -> outcomes.add(failure));
        runNext();

        assertThat(outcomes).hasSize(1);
    }

    @Test
    void shouldNotTryAgainWhatTheStoreRefused() throws InterruptedException {
        List<@Nullable Throwable> outcomes = new ArrayList<>();

        calls.ask(mount, "load", () -> {
            throw StorageException.of(StorageException.Kind.NOT_FOUND).build();
        }, (result, failure) -> outcomes.add(failure));
        runNext();

        assertThat(outcomes).hasSize(1);
        assertThat(mount.state()).isEqualTo(Mount.State.UP);
    }

    @Test
    void shouldKeepTriesOfAFailingStoreWithinItsBudget() throws InterruptedException {
        AtomicInteger attempts = new AtomicInteger();
        int loads = 200;

        for (int i = 0; i < loads; i++) {
            List<@Nullable Throwable> outcomes = new ArrayList<>();
            calls.ask(mount, "load", () -> {
                attempts.incrementAndGet();
                throw down;
            }, (result, failure) -> outcomes.add(failure));
            while (outcomes.isEmpty()) {
                runNext();
                nowNs.addAndGet(TimeUnit.SECONDS.toNanos(10));
                calls.checkDeadlines(nowNs.get());
            }
        }

        assertThat(attempts.get()).isBetween(loads + loads / 5, loads + loads / 5 + 10);
    }

    @Test
    void shouldAskNoMoreWhenTheBreakerIsOpen() throws InterruptedException {
        Mount fragile = mount("fragile", MountPolicy.of(1).with(Protection.USUAL.withRetry(RetryPolicy.NONE, 0)
                .withBreaker(2, 1_000, 1)));
        AtomicInteger attempts = new AtomicInteger();
        List<@Nullable Throwable> outcomes = new ArrayList<>();
        Callable<String> failing = () -> {
            attempts.incrementAndGet();
            throw down;
        };
        for (int i = 0; i < 2; i++) {
            calls.ask(fragile, "load", failing, (result, failure) -> outcomes.add(failure));
            runNext();
        }

        calls.ask(fragile, "load", failing, (result, failure) -> outcomes.add(failure));

        assertThat(attempts).hasValue(2);
        assertThat(outcomes).hasSize(3);
        assertThat(outcomes.get(2)).isInstanceOfSatisfying(TiercelException.class,
                e -> assertThat(e.retryAfterMs()).isEqualTo(1_000));
        assertThat(fragile.state()).isEqualTo(Mount.State.OPEN);
    }

    @Test
    void shouldTellACancelledRestItsFailure() throws InterruptedException {
        List<@Nullable Throwable> outcomes = new ArrayList<>();
        StoreCall call = calls.ask(mount, "load", () -> {
            throw down;
        }, (result, failure) -> outcomes.add(failure));
        runNext();

        call.cancel();
        runNext();

        assertThat(outcomes).hasSize(1);
        assertThat(calls.checkDeadlines(Long.MAX_VALUE)).isZero();
    }

    private void runNext() throws InterruptedException {
        Runnable task = shard.poll(30, TimeUnit.SECONDS);
        assertThat(task).isNotNull();
        task.run();
    }

    private static Mount mount(String prefix, MountPolicy policy) {
        return new Mount(prefix, "memory:", null, policy);
    }
}
