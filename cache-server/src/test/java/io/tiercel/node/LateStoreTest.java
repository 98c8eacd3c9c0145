package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tiercel.storage.Capability;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.memory.MemoryStorage;
import java.lang.reflect.Modifier;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class LateStoreTest {
    private static final long LONG_MS = 60_000;
    private static final StorePath PATH = StorePath.of("x");

    private final StorageAdapter whole = new MemoryStorage("whole", 1 << 20);
    private final CompletableFuture<StorageAdapter> arrival = new CompletableFuture<StorageAdapter>().orTimeout(LONG_MS,
            TimeUnit.MILLISECONDS);
    private final CountDownLatch begun = new CountDownLatch(1);
    private final AtomicInteger openings = new AtomicInteger();

    private StorageAdapter arriving() {
        openings.incrementAndGet();
        begun.countDown();
        return arrival.join();
    }

    private static void assertFails(Kind kind, ThrowingCallable call) {
        assertThatExceptionOfType(StorageException.class).isThrownBy(call).satisfies(e -> assertThat(e.kind())
                .isEqualTo(kind));
    }

    @Test
    void shouldPassOnEveryOperation() {
        assertThat(StorageAdapter.class.getMethods()).filteredOn(method -> !Modifier.isStatic(method.getModifiers()))
                .allSatisfy(method -> assertThat(LateStore.class.getDeclaredMethod(method.getName(), method
                        .getParameterTypes())).isNotNull());
    }

    @Test
    void shouldOpenOnceForAllCalls() throws Exception {
        LateStore store = new LateStore("late", LONG_MS, this::arriving);
        CompletableFuture<Void> first = CompletableFuture.runAsync(store::ping);
        begun.await();
        Thread second = Thread.ofPlatform().start(store::ping);
        Awaitility.await().until(() -> second.getState() == Thread.State.TIMED_WAITING);

        arrival.complete(whole);
        first.join();
        second.join();

        assertThat(openings).hasValue(1);
        assertThat(store.name()).isEqualTo("whole");
        assertThat(store.capabilities()).isEqualTo(whole.capabilities());
    }

    @Test
    void shouldFailAtOnceWhenAnOpeningHasHadItsTime() throws Exception {
        LateStore store = new LateStore("late", 0, this::arriving);
        CompletableFuture<Void> first = CompletableFuture.runAsync(store::ping);
        begun.await();

        assertFails(Kind.UNAVAILABLE, () -> store.info(PATH));

        assertThat(store.name()).isEqualTo("late");
        assertThat(store.capabilities()).contains(Capability.READ, Capability.WRITE, Capability.LIST);
        arrival.complete(whole);
        first.join();
        assertFails(Kind.NOT_FOUND, () -> store.info(PATH));
        assertThat(openings).hasValue(1);
    }

    @Test
    void shouldOpenAgainAfterAFailureThatSaysNothingOfAPath() {
        LateStore store = new LateStore("late", LONG_MS, () -> {
            if (openings.incrementAndGet() < 3) {
                throw StorageException.of(Kind.NOT_FOUND).because("the directory is missing").build();
            }
            return whole;
        });

        assertFails(Kind.NOT_FOUND, store::ping);
        assertFails(Kind.UNAVAILABLE, () -> store.info(PATH));
        assertFails(Kind.NOT_FOUND, () -> store.info(PATH));

        assertThat(openings).hasValue(3);
    }

    @Test
    void shouldCloseWhatOpensAfterItWasClosed() throws Exception {
        LateStore store = new LateStore("late", LONG_MS, this::arriving);
        CompletableFuture<Void> first = CompletableFuture.runAsync(store::ping);
        begun.await();

        store.close();
        arrival.complete(whole);

        assertThat(first.handle((_, failure) -> failure).get()).hasMessageContaining("closed");
        assertFails(Kind.UNAVAILABLE, () -> whole.info(PATH));
    }

    @Test
    void shouldNotOpenOnceItIsClosed() {
        LateStore store = new LateStore("late", LONG_MS, this::arriving);

        store.close();

        assertFails(Kind.UNAVAILABLE, () -> store.info(PATH));
        assertThat(openings).hasValue(0);
    }
}
