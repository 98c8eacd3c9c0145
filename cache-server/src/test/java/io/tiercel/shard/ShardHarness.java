package io.tiercel.shard;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.load.Freshness;
import io.tiercel.load.Mount;
import io.tiercel.load.MountPolicy;
import io.tiercel.load.MountTable;
import io.tiercel.load.Protection;
import io.tiercel.load.StoreCalls;
import io.tiercel.storage.RetryPolicy;
import io.tiercel.tier.Clock;
import io.tiercel.tier.ContentHash;
import io.tiercel.tier.FrameView;
import io.tiercel.tier.StoreContext;
import io.tiercel.tier.TieredStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A shard over real tiers, stepped by the test's thread, with a cache-only mount at {@code cache}, a gated store at
 * {@code lake} and a read-only one at {@code frozen}, and what mounts a test adds; time moves by hand.
 */
final class ShardHarness implements AutoCloseable {
    static final long LOAD_DEADLINE_MS = 1_000;
    static final int PERMITS = 3;
    static final int QUEUE = 3;
    static final long MAX_OBJECT = 1 << 20;

    final GatedStore store;
    final ManualClock clock = new ManualClock();
    final Shard shard;
    final ShardProxy proxy;
    private final ShardAgent agent;

    static final class ManualClock implements Clock {
        private final AtomicLong nowNs = new AtomicLong(TimeUnit.SECONDS.toNanos(1));

        void advanceMs(long ms) {
            nowNs.addAndGet(TimeUnit.MILLISECONDS.toNanos(ms));
        }

        @Override
        public long nowMs() {
            return 1_700_000_000_000L + TimeUnit.NANOSECONDS.toMillis(nowNs.get());
        }

        @Override
        public long nowNs() {
            return nowNs.get();
        }
    }

    /** Each miss asks the store, once. */
    static final MountPolicy POLICY = MountPolicy.of(MAX_OBJECT).with(Freshness.USUAL.withNegativeTtl(0)).with(
            Protection.USUAL.withTimeout(1_000).withRetry(RetryPolicy.NONE, 0));

    ShardHarness(Path dir) {
        this(dir, UnaryOperator.identity());
    }

    ShardHarness(Path dir, UnaryOperator<StoreContext> settings) {
        this(dir, settings, POLICY);
    }

    /** @param policy of the mount lake. */
    ShardHarness(Path dir, UnaryOperator<StoreContext> settings, MountPolicy policy) {
        this(dir, settings, policy, new GatedStore(), List.of());
    }

    ShardHarness(Path dir, UnaryOperator<StoreContext> settings, MountPolicy policy, GatedStore store,
            List<Mount> added) {
        this.store = store;
        MountGrace grace = new MountGrace();
        TieredStore tiers = TieredStore.open(settings.apply(new StoreContext().dir(dir).mappedCapacity(32 << 20)
                .heapCapacity(1 << 20).clock(clock).retention(grace)).conclude());
        List<Mount> all = new ArrayList<>(added);
        all.add(new Mount("cache", "cache:", null, POLICY));
        all.add(new Mount("lake", "memory://lake", store, policy));
        all.add(new Mount("frozen", "memory://lake", store, POLICY.readOnly()));
        MountTable mounts = new MountTable(all);
        grace.mounts(mounts);
        ShardTasks tasks = new ShardTasks();
        StoreCalls calls = new StoreCalls(tasks, PERMITS, QUEUE, clock::nowNs, new SplittableRandom(1));
        shard = new Shard(tiers, mounts, calls, clock, TimeUnit.MILLISECONDS.toNanos(LOAD_DEADLINE_MS),
                new SplittableRandom(2));
        agent = new ShardAgent(shard, tasks, clock, List.of());
        proxy = new ShardProxy(shard, tasks, clock, () -> {
            throw new IllegalStateException("no status in this test");
        });
    }

    int step() {
        return agent.doWork();
    }

    /** Steps the shard until something holds. */
    void stepUntil(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("what was waited for did not happen");
            }
            step();
            Thread.onSpinWait();
        }
    }

    /** What one read came to. */
    static final class Answer implements ReadHandler {
        @Nullable
        String value;
        @Nullable
        Served served;
        @Nullable
        ErrorCode error;
        String message = "";
        int answers;

        @Override
        public void onFrame(FrameView frame, Served how) {
            byte[] bytes = new byte[frame.payloadLength()];
            frame.buffer().getBytes(frame.payloadOffset(), bytes);
            value = new String(bytes, StandardCharsets.UTF_8);
            served = how;
            answers++;
        }

        @Override
        public void onFailure(ErrorCode code, String text, int retryAfterMs) {
            error = code;
            message = text;
            answers++;
        }

        boolean isDone() {
            return answers > 0;
        }
    }

    /** When the frame of a key expires. */
    long expiresAtMs(String path) {
        Key key = Key.of(path);
        FrameView frame = new FrameView();
        if (!shard.tiers().peek(key.buffer(), 0, key.length(), frame)) {
            throw new AssertionError("no frame of " + path);
        }
        return frame.expiresAtMs();
    }

    /** Begins a read as a gateway does. */
    Answer read(String key) {
        return read(key, 10 * LOAD_DEADLINE_MS);
    }

    Answer read(String key, long timeoutMs) {
        Answer answer = new Answer();
        Key parsed = Key.of(key);
        FrameView hit = shard.tryRead(parsed.buffer(), 0, parsed.length());
        if (hit != null) {
            answer.onFrame(hit, Shard.servedBy(hit));
        } else {
            shard.read(parsed, clock.nowNs() + TimeUnit.MILLISECONDS.toNanos(timeoutMs), answer);
        }
        return answer;
    }

    List<Answer> readTimes(String key, int count) {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(read(key));
        }
        return answers;
    }

    /** Reads and waits for the answer. */
    Answer readNow(String key) {
        Answer answer = read(key);
        stepUntil(answer::isDone);
        return answer;
    }

    /** What one operation came to. */
    static final class Done<T> implements Outcome<T> {
        @Nullable
        T result;
        @Nullable
        ErrorCode error;
        String message = "";

        @Override
        public void onDone(T value) {
            result = value;
        }

        @Override
        public void onFailure(ErrorCode code, String text, int retryAfterMs) {
            error = code;
            message = text;
        }

        boolean isDone() {
            return result != null || error != null;
        }
    }

    /** Begins a put and gives all its bytes; the outcome is that of its opening where it is refused there. */
    Done<PutResult> put(String key, String value, PutCondition condition, String ifMatch) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        Done<PutResult> done = new Done<>();
        shard.openPut(new PutRequest(Key.of(key), bytes.length, "text/plain", 0L, condition, ifMatch, 1_000),
                new Outcome<>() {
                    @Override
                    public void onDone(PutOperation put) {
                        put.buffer().putBytes(0, bytes);
                        shard.commit(put, new ContentHash().update(ByteBuffer.wrap(bytes)), done);
                    }

                    @Override
                    public void onFailure(ErrorCode code, String text, int retryAfterMs) {
                        done.onFailure(code, text, retryAfterMs);
                    }
                });
        return done;
    }

    /** Puts and waits for the outcome. */
    Done<PutResult> putNow(String key, String value) {
        Done<PutResult> done = put(key, value, PutCondition.NONE, "");
        stepUntil(done::isDone);
        return done;
    }

    @Override
    public void close() {
        agent.onClose();
    }
}
