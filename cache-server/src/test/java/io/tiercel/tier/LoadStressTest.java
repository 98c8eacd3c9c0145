package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Invalidate against load: loads copy a value that changes all the time, on threads of their own, while the store's
 * thread invalidates it. Once an invalidation is acknowledged nothing older than it is served. Seen to fail when {@code
 * FramePublisher.publish} did not ask whether an allocation was superseded, and when neither it nor
 * {@code MappedTier.find} asked for the prefixes.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class LoadStressTest {
    private static final int ROUNDS = Boolean.getBoolean("tiercel.full") ? 500_000 : 5_000;
    private static final int LOADERS = 2;
    private static final String NAME = "a/b/key";

    @TempDir
    Path dir;

    private final AtomicLong source = new AtomicLong(1);
    private final BlockingQueue<Allocation> begun = new ArrayBlockingQueue<>(64);
    private final BlockingQueue<Allocation> done = new ArrayBlockingQueue<>(64);

    @Test
    void shouldServeNothingOlderThanAnAcknowledgedInvalidation() throws InterruptedException {
        long seed = Long.getLong("tiercel.seed", System.nanoTime());
        Random random = new Random(seed);
        ExecutorService loaders = Executors.newFixedThreadPool(LOADERS);
        int outstanding = 0;
        int served = 0;
        int superseded = 0;
        try (StoreFixture fixture = new StoreFixture(dir, 16 * StoreFixture.MIB, StoreFixture.MIB)) {
            for (int i = 0; i < LOADERS; i++) {
                loaders.execute(this::load);
            }
            long floor = 0;
            for (int round = 0; round < ROUNDS; round++) {
                int choice = random.nextInt(100);
                if (choice < 40 && outstanding < 8) {
                    FrameRequest request = fixture.requestFor(NAME, Long.BYTES);
                    begun.add(fixture.request(request).allocated());
                    outstanding++;
                } else if (choice < 70) {
                    Allocation loaded = outstanding == 8 ? done.take() : done.poll();
                    if (loaded != null) {
                        outstanding--;
                        superseded += StoreFixture.publish(loaded) ? 0 : 1;
                    }
                } else if (choice < 80) {
                    long changed = source.incrementAndGet();
                    invalidate(fixture, random);
                    floor = changed;
                }
                byte[] found = fixture.bytes(NAME);
                if (found != null) {
                    served++;
                    assertThat(ByteBuffer.wrap(found).getLong()).as("seed=%d round=%d", seed, round)
                            .isGreaterThanOrEqualTo(floor);
                }
            }
            while (outstanding-- > 0) {
                done.take().abort();
            }
        } finally {
            loaders.shutdownNow();
            assertThat(loaders.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(served).as("seed=%d served", seed).isPositive();
        assertThat(superseded).as("seed=%d loads overtaken by an invalidation", seed).isPositive();
    }

    private static void invalidate(StoreFixture fixture, Random random) {
        switch (random.nextInt(4)) {
            case 0 -> fixture.store.invalidate(Key.of(NAME));
            case 1 -> fixture.store.invalidatePrefix(Key.of("a"));
            case 2 -> fixture.store.invalidatePrefix(Key.of("a/b"));
            default -> fixture.store.invalidateAll();
        }
    }

    private void load() {
        try {
            while (true) {
                Allocation allocation = begun.take();
                allocation.payloadByteBuffer().putLong(source.get());
                done.put(allocation);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
