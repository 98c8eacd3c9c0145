package io.tiercel.invalidation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Readers on threads of their own against nested and overlapping invalidations, in tables so small that they grow,
 * overflow and are dropped. Whoever has seen an acknowledgement takes nothing older for alive.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class PrefixReadersStressTest {
    private static final int INVALIDATIONS = Boolean.getBoolean("tiercel.full") ? 100_000 : 10_000;
    private static final int READERS = 3;
    private static final int ALIVE_EVERY = 500;
    private static final int SEAL_EVERY = 100;
    private static final String[] PREFIXES = {"a", "a/b", "a/b/c", "a/b/cc", "a/bb", "b/c", "b"};
    private static final String[] BELOW = {"a/b/c/d/k", "a/bb/k", "a/b/cc/k", "b/c/k", "a/k"};

    private final PrefixEpochs prefixes = new PrefixEpochs(64);
    private final AtomicLongArray acknowledged = new AtomicLongArray(PREFIXES.length);
    private final AtomicLongArray checks = new AtomicLongArray(READERS);
    private volatile boolean running = true;

    @Test
    void shouldShowEveryReaderWhatWasAcknowledged() throws Exception {
        long seed = Long.getLong("tiercel.seed", System.nanoTime());
        ExecutorService readers = Executors.newFixedThreadPool(READERS);
        List<Future<String>> defects = new ArrayList<>();
        try {
            for (int i = 0; i < READERS; i++) {
                int reader = i;
                defects.add(readers.submit(() -> read(reader, seed + reader)));
            }
            invalidate(new Random(seed), defects);

            for (Future<String> defect : defects) {
                assertThat(defect.get()).as("seed=%d", seed).isEmpty();
            }
        } finally {
            readers.shutdownNow();
            assertThat(readers.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private void invalidate(Random random, List<Future<String>> defects) {
        for (long epoch = 1; epoch <= INVALIDATIONS; epoch++) {
            int chosen = random.nextInt(2 * PREFIXES.length);
            if (chosen < PREFIXES.length) {
                invalidate(PREFIXES[chosen], epoch);
                acknowledged.set(chosen, epoch);
            } else {
                invalidate("noise/" + chosen % 3 + "/" + random.nextInt(100), epoch);
            }
            if (epoch % SEAL_EVERY == 0) {
                forget(++epoch);
            }
            if (epoch % ALIVE_EVERY == 1) {
                awaitEveryReader(defects);
            }
        }
        running = false;
    }

    private void invalidate(String prefix, long epoch) {
        byte[] bytes = bytes(prefix);
        prefixes.invalidate(new UnsafeBuffer(bytes), 0, bytes.length, epoch);
    }

    /** Forgets all that was before, once it was invalidated again. */
    private void forget(long epoch) {
        prefixes.seal();
        for (int i = 0; i < PREFIXES.length; i++) {
            invalidate(PREFIXES[i], epoch);
            acknowledged.set(i, epoch);
        }
        prefixes.retireSealed();
    }

    /** Every reader that goes on gets on while the writer does. */
    private void awaitEveryReader(List<Future<String>> defects) {
        for (int i = 0; i < READERS; i++) {
            long before = checks.get(i);
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (checks.get(i) == before && !defects.get(i).isDone()) {
                assertThat(System.nanoTime()).as("a check by every reader within 60 s").isLessThan(deadlineNs);
                Thread.onSpinWait();
            }
        }
    }

    /** What a reader saw wrong; empty when all was well. */
    private String read(int reader, long seed) {
        Random random = new Random(seed);
        UnsafeBuffer[] keys = new UnsafeBuffer[BELOW.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = new UnsafeBuffer(bytes(BELOW[i]));
        }
        while (running && !Thread.currentThread().isInterrupted()) {
            int prefix = random.nextInt(PREFIXES.length);
            int below = random.nextInt(BELOW.length);
            long epoch = acknowledged.get(prefix);
            boolean covered = BELOW[below].startsWith(PREFIXES[prefix] + "/");
            UnsafeBuffer key = keys[below];
            if (covered && epoch > 0 && !prefixes.isStale(key, 0, key.capacity(), epoch - 1)) {
                return BELOW[below] + " of epoch " + (epoch - 1) + " is alive after " + PREFIXES[prefix]
                        + " was acknowledged at " + epoch;
            }
            checks.incrementAndGet(reader);
        }
        return "";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
