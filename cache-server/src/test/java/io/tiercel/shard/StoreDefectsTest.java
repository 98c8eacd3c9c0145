package io.tiercel.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.load.ListQuery;
import io.tiercel.load.Mount;
import io.tiercel.shard.ShardHarness.Answer;
import io.tiercel.shard.ShardHarness.Done;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.memory.MemoryStorage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A store with a defect: whatever it throws ends the one request, in words that tell nothing of what it threw. */
@Timeout(120)
class StoreDefectsTest {
    private static final String SECRET = "password=hunter2";
    private static final int REQUESTS = 100;
    /** What a store needs at its end, and to be asked at all. */
    private static final Set<String> UNBROKEN = Set.of("name", "capabilities", "close", "info", "length", "offset",
            "toString", "hashCode", "equals");

    @TempDir
    Path dir;

    private final MemoryStorage memory = new MemoryStorage("memory", 1 << 20);
    private volatile @Nullable Throwable defect;
    private boolean isBodyBroken;
    private ShardHarness harness;

    static Stream<Throwable> defects() {
        return Stream.of(new IllegalStateException(SECRET), new StackOverflowError(SECRET), new NoClassDefFoundError(
                SECRET), new OutOfMemoryError(SECRET));
    }

    @BeforeEach
    void open() {
        write("k", "value");
        StorageAdapter store = broken(StorageAdapter.class, memory);
        harness = new ShardHarness(dir, settings -> settings, ShardHarness.POLICY, new GatedStore(), List.of(new Mount(
                "broken", "broken:", store, ShardHarness.POLICY)));
    }

    @AfterEach
    void close() {
        harness.stepUntil(() -> harness.shard.loadCounts().active() == 0);
        harness.close();
    }

    private void write(String path, String value) {
        memory.write(StorePath.of(path), ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)), WriteOptions.REPLACE);
    }

    /** All calls go to the target, and fail instead while there is a defect. */
    private <T> T broken(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (proxy, method, args) -> {
            Throwable planned = defect;
            boolean isPartOfBody = type == ObjectRead.class;
            boolean mayBreak = !UNBROKEN.contains(method.getName()) || (!isPartOfBody && method.getName().equals(
                    "info"));
            if (planned != null && isPartOfBody == isBodyBroken && mayBreak) {
                throw planned;
            }
            try {
                Object result = method.invoke(target, args);
                return result instanceof ObjectRead read && !isPartOfBody ? broken(ObjectRead.class, read) : result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    private <T> Done<T> now(Consumer<Done<T>> operation) {
        Done<T> done = new Done<>();
        operation.accept(done);
        harness.stepUntil(done::isDone);
        return done;
    }

    private void requireDefect(@Nullable ErrorCode code, String message, String operation) {
        assertThat(code).as(operation).isEqualTo(ErrorCode.INTERNAL);
        assertThat(message).as(operation).contains("mount=broken").doesNotContain("hunter2");
    }

    @ParameterizedTest
    @MethodSource("defects")
    void shouldEndOneRequestWhateverAStoreThrows(Throwable thrown) {
        harness.store.put("other", "good");
        defect = thrown;

        for (int i = 0; i < REQUESTS; i++) {
            Answer read = harness.readNow("broken/k");
            requireDefect(read.error, read.message, "read");
        }
        Done<PutResult> put = harness.putNow("broken/new", "x");
        Key key = Key.of("broken/k");
        Done<StatResult> stat = now(done -> harness.shard.stat(key, done));
        Done<Boolean> deleted = now(done -> harness.shard.delete(key, false, done));
        Done<ListingPage> listed = now(done -> harness.shard.list(ListQuery.direct("broken"), done));
        Done<PutResult> moved = now(done -> harness.shard.move(new MoveRequest(key, Key.of("broken/l"), false, false,
                1_000), done));

        requireDefect(put.error, put.message, "put");
        requireDefect(stat.error, stat.message, "stat");
        requireDefect(deleted.error, deleted.message, "delete");
        requireDefect(listed.error, listed.message, "list");
        requireDefect(moved.error, moved.message, "move");
        requireOthersUnaffected();
    }

    @ParameterizedTest
    @MethodSource("defects")
    void shouldEndOneRequestWhateverABodyThrows(Throwable thrown) {
        harness.store.put("other", "good");
        isBodyBroken = true;
        defect = thrown;

        for (int i = 0; i < REQUESTS; i++) {
            Answer read = harness.readNow("broken/k");
            requireDefect(read.error, read.message, "body");
        }

        requireOthersUnaffected();
    }

    private void requireOthersUnaffected() {
        assertThat(harness.readNow("lake/other").value).isEqualTo("good");
        defect = null;
        harness.clock.advanceMs(60_000);
        assertThat(harness.readNow("broken/k").value).isEqualTo("value");
        assertThat(harness.shard.loadCounts().active()).isZero();
    }
}
