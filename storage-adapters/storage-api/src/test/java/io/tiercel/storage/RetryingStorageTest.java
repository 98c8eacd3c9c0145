package io.tiercel.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tiercel.storage.memory.MemoryStorage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetryingStorageTest {
    private static final StorePath PATH = StorePath.of("a/object");

    private final MemoryStorage memory = new MemoryStorage("memory:", 1000);
    private final List<Long> pauses = new ArrayList<>();
    private int attempts;
    private int failures;
    private StorageException failure = unavailable(0);

    /** The memory store, failing as often as it is told to. */
    private final StorageAdapter failing = (StorageAdapter) Proxy.newProxyInstance(getClass().getClassLoader(),
            new Class<?>[]{StorageAdapter.class}, (proxy, method, arguments) -> {
                if (!method.getName().equals("close") && !method.getName().equals("name")) {
                    attempts++;
                    if (failures-- > 0) {
                        throw failure;
                    }
                }
                try {
                    return method.invoke(memory, arguments);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            });

    private final RetryingStorage store = new RetryingStorage(failing, RetryPolicy.USUAL, pauses::add);

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void shouldTryAReadAgainUntilItWorks() {
        memory.write(PATH, ByteBuffer.allocate(3), WriteOptions.CREATE);
        failures = 2;

        assertThat(store.info(PATH).length()).isEqualTo(3);

        assertThat(attempts).isEqualTo(3);
        assertThat(pauses).hasSize(2);
        assertThat(pauses.get(0)).isBetween(0L, 200L);
        assertThat(pauses.get(1)).isBetween(0L, 400L);
    }

    @Test
    void shouldGiveUpAfterItsAttempts() {
        failures = Integer.MAX_VALUE;

        assertUnavailable(() -> store.open(PATH));
        assertThat(attempts).isEqualTo(3);
        assertUnavailable(() -> store.ping());
        assertThat(attempts).isEqualTo(6);
        assertUnavailable(() -> store.totals(PATH));
        assertUnavailable(() -> store.delete(PATH, true));
        assertThat(attempts).isEqualTo(12);
    }

    @Test
    void shouldNotTryAgainWhatMayHaveBeenDone() {
        failures = Integer.MAX_VALUE;

        assertUnavailable(() -> store.write(PATH, ByteBuffer.allocate(1), WriteOptions.REPLACE));
        assertUnavailable(() -> store.move(PATH, StorePath.of("b"), true));
        assertUnavailable(() -> store.copy(PATH, StorePath.of("b"), true));
        assertUnavailable(() -> store.delete(PATH, false));
        assertUnavailable(() -> store.deleteRecursively(PATH));

        assertThat(attempts).isEqualTo(5);
    }

    @Test
    void shouldNotTryAgainWhatWasAnswered() {
        assertThatExceptionOfType(StorageException.class).isThrownBy(() -> store.info(PATH))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(StorageException.Kind.NOT_FOUND));

        assertThat(attempts).isEqualTo(1);
    }

    @Test
    void shouldWaitAsLongAsTheStoreAsksButNoLongerThanTheCap() {
        failures = 1;
        failure = unavailable(9_000);
        store.ping();
        assertThat(pauses).containsExactly(9_000L);

        failures = 1;
        failure = unavailable(10_001);
        assertUnavailable(() -> store.ping());
        assertThat(pauses).hasSize(1);
    }

    @Test
    void shouldEndAtAnInterrupt() {
        failures = Integer.MAX_VALUE;
        Thread.currentThread().interrupt();
        try {
            assertUnavailable(() -> store.ping());
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }

        assertThat(attempts).isEqualTo(1);
    }

    @Test
    void shouldDoubleTheLimitUpToTheCap() {
        RetryPolicy policy = new RetryPolicy(100, 200, 10_000);
        Random random = new Random(7);

        for (int attempt = 1; attempt < 100; attempt++) {
            long limitMs = attempt > 6 ? 10_000 : 200L << (attempt - 1);
            for (int i = 0; i < 20; i++) {
                assertThat(policy.delayMs(attempt, unavailable(0), random)).isBetween(0L, limitMs);
            }
        }
        assertThat(policy.delayMs(100, unavailable(0), random)).isEqualTo(-1);
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(0, 1, 1)).withMessageContaining("0");
    }

    private static void assertUnavailable(ThrowingCallable call) {
        assertThatExceptionOfType(StorageException.class).isThrownBy(call)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(StorageException.Kind.UNAVAILABLE));
    }

    private static StorageException unavailable(int retryAfterMs) {
        return StorageException.of(StorageException.Kind.UNAVAILABLE).retryAfterMs(retryAfterMs).build();
    }
}
