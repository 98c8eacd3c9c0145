package io.tiercel.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchTest {
    private final AtomicInteger pulled = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();

    /** Counts what is asked of it, without an end. */
    private final Iterator<Integer> endless = new Iterator<>() {
        @Override
        public boolean hasNext() {
            return true;
        }

        @Override
        public Integer next() {
            return pulled.getAndIncrement();
        }
    };

    @Test
    void shouldCountWhatSucceedsAndKeepWhatFails() {
        Batch.Result<Integer> result = Batch.of(4).run(IntStream.range(0, 100).iterator(), item -> {
            if (item % 10 == 0) {
                throw failure(StorageException.Kind.NOT_FOUND);
            }
        });

        assertThat(result.succeeded()).isEqualTo(90);
        assertThat(result.failed()).isEqualTo(10);
        assertThat(result.failures()).extracting(Batch.Failure::item).containsExactlyInAnyOrder(0, 10, 20, 30, 40, 50,
                60, 70, 80, 90);
        assertThat(result.failures().getFirst().reason().kind()).isEqualTo(StorageException.Kind.NOT_FOUND);
    }

    @Test
    void shouldBeDoneWithNothingAtOnce() {
        Batch.Result<Integer> result = Batch.of(1).run(List.<Integer>of().iterator(), item -> {});

        assertThat(result).isEqualTo(new Batch.Result<Integer>(0, 0, List.of()));
    }

    @Test
    void shouldNeverPullMoreThanTheWindowAhead() {
        AtomicInteger furthest = new AtomicInteger();

        assertThatIllegalStateException().isThrownBy(() -> Batch.of(8).run(endless, item -> {
            furthest.accumulateAndGet(pulled.get() - done.get(), Math::max);
            if (done.incrementAndGet() == 10_000) {
                throw new IllegalStateException("enough");
            }
        }));

        assertThat(furthest.get()).isBetween(1, 8);
    }

    @Test
    void shouldEndAtACapabilityThatIsMissing() {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> Batch.of(2).run(endless, item -> {
                    throw failure(StorageException.Kind.CAPABILITY_NOT_SUPPORTED);
                })).satisfies(e -> assertThat(e.kind()).isEqualTo(StorageException.Kind.CAPABILITY_NOT_SUPPORTED));
    }

    @Test
    void shouldCountFailuresBeyondThoseItKeeps() {
        Batch.Result<Integer> result = Batch.of(3).keptFailures(5).run(IntStream.range(0, 50).iterator(), item -> {
            throw failure(StorageException.Kind.UNAVAILABLE);
        });

        assertThat(result.failed()).isEqualTo(50);
        assertThat(result.failures()).hasSize(5);
    }

    @Test
    void shouldStopPullingWhenInterrupted() {
        Thread caller = Thread.currentThread();

        try {
            assertThatExceptionOfType(StorageException.class).isThrownBy(() -> Batch.of(2).run(endless, item -> {
                if (item == 0) {
                    caller.interrupt();
                }
            })).withMessageContaining("interrupted");
        } finally {
            assertThat(Thread.interrupted()).as("interrupt kept").isTrue();
        }
    }

    @Test
    void shouldRefuseAWindowOfNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> Batch.of(0)).withMessageContaining("0");
    }

    private static StorageException failure(StorageException.Kind kind) {
        return StorageException.of(kind).build();
    }
}
