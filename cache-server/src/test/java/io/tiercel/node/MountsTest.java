package io.tiercel.node;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.load.Mount;
import io.tiercel.load.MountPolicy;
import io.tiercel.load.MountTable;
import io.tiercel.load.Protection;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.contract.PassingStore;
import io.tiercel.storage.memory.MemoryStorage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class MountsTest {
    private static final long MAX_OBJECT = 1 << 20;
    private static final int STORE_COUNT = 5;
    private static final long TIMEOUT_MS = 60_000;

    @TempDir
    Path directory;

    private final AtomicInteger pinging = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final List<String> registered = new ArrayList<>();

    @AfterEach
    void forgetStores() {
        registered.forEach(ModelStoreProvider::forget);
    }

    private static MountSettings mount(String prefix, String store) {
        return MountSettings.of(prefix, StoreUri.read(store).uri(), MAX_OBJECT);
    }

    @Test
    void shouldOpenTheStoresThatTheSettingsSpell() {
        try (Mounts opened = Mounts.open(List.of(mount("c", "cache:"), mount("m", "memory:"),
                mount("f", "file://" + directory)), 100)) {
            MountTable mounts = opened.table();
            assertThat(List.of("c/x", "m/x", "f/x")).extracting(path -> requireNonNull(mounts.mountOf(path)).uri())
                    .containsExactly("cache:", "memory:", "file://" + directory);
            Mount memory = requireNonNull(mounts.mountOf("m"));
            assertThat(memory.isCacheOnly()).isFalse();
            assertThat(memory.store().name()).isEqualTo("memory:");
        }
    }

    @Test
    void shouldNameTheMountWhoseStoreCannotBe() {
        assertThatExceptionOfType(TiercelException.class)
                .isThrownBy(() -> Mounts.open(List.of(mount("m", "memory:"), mount("x", "nine://host/dir")), 100))
                .withMessageContaining("mount='x'").withMessageContaining("nine")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_CONFIGURATION));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sftp://joe:kestrel@host/d", "sftp://kestrel@host/d?typo=1", "https://kestrel@host/p",
        "https://kestrel@host/p?typo=1", "jdbc:postgresql://joe:kestrel@host/db?table=t", "nine://kestrel@host/dir",
        "s3://bucket?endpoint=https://kestrel@host&typo=1", "azblob://box?account=a&s%69g=kestrel"})
    void shouldNotRepeatASecretOfAStoreThatCannotBe(String uri) {
        MountSettings settings = MountSettings.of("x", URI.create(uri), MAX_OBJECT);

        Throwable failure = catchThrowable(() -> Mounts.open(List.of(settings), 100));

        assertThat(failure).hasMessageContaining("mount='x' store=" + uri.substring(0, uri.indexOf(':')) + ":");
        assertThat(traceOf(failure)).doesNotContain("kestrel");
    }

    private static String traceOf(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    @Test
    void shouldAskStoresSideBySide() {
        CountDownLatch asked = new CountDownLatch(STORE_COUNT);
        List<MountSettings> settings = mounts(TIMEOUT_MS, () -> {
            asked.countDown();
            if (!asked.await(TIMEOUT_MS / 2, TimeUnit.MILLISECONDS)) {
                throw StorageException.of(Kind.NOT_FOUND).because("asked before all others were").build();
            }
        });

        try (Mounts opened = Mounts.open(settings, 100)) {
            assertThat(opened.settings()).hasSize(STORE_COUNT);
            assertThat(asked.getCount()).isZero();
        }
    }

    @Test
    void shouldWaitForAStoreNoLongerThanItsMountSays() {
        List<MountSettings> settings = mounts(1, () -> new CountDownLatch(1).await());

        try (Mounts opened = Mounts.open(settings, 100)) {
            assertThat(opened.settings()).hasSize(STORE_COUNT);
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> pinging.get() == 0);
        }
    }

    @Test
    void shouldCloseAllStoresWhenOneCannotBeRead() {
        CountDownLatch asked = new CountDownLatch(STORE_COUNT);
        List<MountSettings> settings = new ArrayList<>(mounts(TIMEOUT_MS, () -> {
            asked.countDown();
            new CountDownLatch(1).await();
        }));
        settings.addFirst(pinged("refused", TIMEOUT_MS, () -> {
            asked.await();
            throw StorageException.of(Kind.PERMISSION_DENIED).because("planned").build();
        }));

        assertThatExceptionOfType(TiercelException.class).isThrownBy(() -> Mounts.open(settings, 100))
                .withMessageContaining("mount='refused'").withMessageContaining("planned")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_CONFIGURATION));
        assertThat(closed).hasValue(STORE_COUNT + 1);
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> pinging.get() == 0);
    }

    @Test
    void shouldOpenStoresSideBySide() {
        CountDownLatch begun = new CountDownLatch(STORE_COUNT);
        List<MountSettings> settings = IntStream.range(0, STORE_COUNT).mapToObj(i -> opened("m" + i, TIMEOUT_MS, () -> {
            begun.countDown();
            awaitAll(begun);
            return new MemoryStorage("opened", 1 << 20);
        })).toList();

        try (Mounts opened = Mounts.open(settings, 100)) {
            assertThat(opened.table().mounts()).extracting(mount -> mount.store().name()).hasSize(STORE_COUNT)
                    .containsOnly("opened");
        }
    }

    private static void awaitAll(CountDownLatch latch) {
        try {
            if (!latch.await(TIMEOUT_MS / 2, TimeUnit.MILLISECONDS)) {
                throw StorageException.of(Kind.NOT_FOUND).because("opened before all others were").build();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldServeFromAStoreThatOpensLate() throws Exception {
        CompletableFuture<StorageAdapter> arrival = arrival();
        CountDownLatch begun = new CountDownLatch(1);
        MountSettings settings = opened("late", 1, () -> {
            begun.countDown();
            return arrival.join();
        });
        StorePath path = StorePath.of("x");

        try (Mounts opened = Mounts.open(List.of(settings), 100)) {
            StorageAdapter late = requireNonNull(opened.table().mountOf("late/x")).store();
            // A start that was given up before its thread ran has begun nothing.
            CompletableFuture<@Nullable Void> asked = CompletableFuture.runAsync(late::ping).exceptionally(_ -> null);
            begun.await();
            assertThatExceptionOfType(StorageException.class).isThrownBy(() -> late.info(path))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
            arrival.complete(new PingedStore(() -> {}));

            Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThatExceptionOfType(
                    StorageException.class).isThrownBy(() -> late.info(path))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND)));
            asked.join();
        }
        assertThat(closed).hasValue(1);
    }

    @Test
    void shouldCloseAStoreThatOpensAfterTheStartHasFailed() {
        CompletableFuture<StorageAdapter> arrival = arrival();
        CountDownLatch begun = new CountDownLatch(1);
        List<MountSettings> settings = List.of(pinged("refused", TIMEOUT_MS, () -> {
            begun.await();
            throw StorageException.of(Kind.PERMISSION_DENIED).because("planned").build();
        }), opened("late", TIMEOUT_MS, () -> {
            begun.countDown();
            return arrival.join();
        }));

        assertThatExceptionOfType(TiercelException.class).isThrownBy(() -> Mounts.open(settings, 100))
                .withMessageContaining("mount='refused'");
        assertThat(closed).hasValue(1);
        arrival.complete(new PingedStore(() -> {}));

        Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(closed).hasValue(2));
    }

    /** Something to join, as deaf to interrupts as a file of a dead disk, though not for ever. */
    private static <T> CompletableFuture<T> arrival() {
        return new CompletableFuture<T>().orTimeout(TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    private MountSettings opened(String prefix, long timeoutMs, Supplier<StorageAdapter> opening) {
        String name = prefix + '-' + UUID.randomUUID();
        registered.add(name);
        MountPolicy policy = MountPolicy.of(MAX_OBJECT).with(Protection.USUAL.withTimeout(timeoutMs));
        return new MountSettings(prefix, ModelStoreProvider.register(name, opening), policy, false);
    }

    private List<MountSettings> mounts(long timeoutMs, Ping ping) {
        return IntStream.range(0, STORE_COUNT).mapToObj(i -> pinged("m" + i, timeoutMs, ping)).toList();
    }

    private MountSettings pinged(String prefix, long timeoutMs, Ping ping) {
        return opened(prefix, timeoutMs, () -> new PingedStore(ping));
    }

    /** What a store does when it is asked whether it is there. */
    private interface Ping {
        void run() throws InterruptedException;
    }

    private final class PingedStore extends PassingStore {
        private final Ping ping;

        PingedStore(Ping ping) {
            super(new MemoryStorage("pinged", 1 << 20));
            this.ping = ping;
        }

        @Override
        public void ping() {
            pinging.incrementAndGet();
            try {
                ping.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw StorageException.of(Kind.UNAVAILABLE).because("interrupted").build();
            } finally {
                pinging.decrementAndGet();
            }
        }

        @Override
        public void close() {
            closed.incrementAndGet();
            super.close();
        }
    }
}
