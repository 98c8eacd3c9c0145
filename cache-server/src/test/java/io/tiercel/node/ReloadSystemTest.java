package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mounts that come, go and change while a node serves, and between two starts of it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ReloadSystemTest {
    @TempDir
    Path temp;

    private final String name = UUID.randomUUID().toString();
    private final Map<String, SlowStore> stores = Map.of("a", new SlowStore(0), "b", new SlowStore(0), "b2",
            new SlowStore(0), "c", new SlowStore(0));
    private volatile List<String> mounts = List.of();
    @SuppressWarnings("NullAway.Init") // each test starts one
    private TiercelNode node;
    @SuppressWarnings("NullAway.Init") // with the node
    private ModelClient client;

    @BeforeEach
    void register() {
        stores.forEach((store, slow) -> {
            slow.put("x", "of " + store);
            ModelStoreProvider.register(store + '-' + name, slow);
        });
    }

    @AfterEach
    void close() {
        stop();
        stores.keySet().forEach(store -> ModelStoreProvider.forget(store + '-' + name));
    }

    private String mount(String prefix, String store) {
        return prefix + "=model:" + store + '-' + name + "#negativeTtl=0s";
    }

    private NodeConfiguration configuration() {
        NodeOptions options = new NodeOptions().option(Setting.NODE_DIR, temp.resolve("node").toString()).option(
                Setting.MEMORY_MAPPED, "64MiB").option(Setting.AERON_UDP, "off").option(Setting.HTTP_BIND,
                        "127.0.0.1:0")
                .option(Setting.NODE_PROFILE, "compact");
        mounts.forEach(options::mount);
        return NodeConfiguration.load(options, Map.of(), null);
    }

    private void start(String... mounted) {
        mounts = List.of(mounted);
        NodeConfiguration started = configuration();
        node = TiercelNode.launch(started.settings()).reloadingFrom(this::configuration, started);
        client = ModelClient.ofLibrary(node, false);
    }

    @SuppressWarnings("NullAway") // a start comes next, or nothing
    private void stop() {
        client.close();
        // A closed client's mappings go with it.
        client = null;
        node.close();
    }

    private MountChanges reload(String... mounted) {
        mounts = List.of(mounted);
        return node.reload();
    }

    private @Nullable String read(String key) {
        byte[] bytes = client.read(key);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    private int opens(String store) {
        return slow(store).opens.get();
    }

    @SuppressWarnings("NullAway") // asked for stores that are there
    private SlowStore slow(String store) {
        return stores.get(store);
    }

    @Test
    void shouldTakeOnMountsAndKeepTheFramesOfTheOthers() {
        start(mount("a", "a"), mount("b", "b"), mount("b/deep", "a"), mount("c", "c"));
        assertThat(List.of("a/x", "b/x", "c/x")).extracting(this::read).containsExactly("of a", "of b", "of c");

        MountChanges changes = reload(mount("a", "a") + "&ttl=1h", mount("b", "b2"), mount("d", "c"));

        assertThat(changes.added()).containsExactly("d");
        assertThat(changes.removed()).containsExactly("b/deep", "c");
        assertThat(changes.replaced()).containsExactly("b");
        assertThat(changes.retuned()).containsExactly("a");
        assertThat(changes.needRestart()).isEmpty();
        assertThat(List.of("a/x", "b/x", "d/x")).extracting(this::read).containsExactly("of a", "of b2", "of c");
        assertThat(read("c/x")).isNull();
        assertThat(opens("a")).as("the frame of the mount that keeps its store was kept").isEqualTo(1);
        assertThat(opens("b2")).isEqualTo(1);
        Awaitility.await().untilAsserted(() -> assertThat(slow("b").closes).hasValue(1));
    }

    @Test
    void shouldKeepTheFramesOfMountsNestedInOneWhoseStoreChanges() {
        start(mount("b", "b"), mount("b/deep", "a"), mount("b/deep/er", "c"));
        List<String> keys = List.of("b/x", "b/deep/x", "b/deep/er/x");
        assertThat(keys).extracting(this::read).containsExactly("of b", "of a", "of c");

        reload(mount("b", "b2"), mount("b/deep", "a"), mount("b/deep/er", "c"));

        assertThat(keys).extracting(this::read).containsExactly("of b2", "of a", "of c");
        assertThat(List.of(opens("b2"), opens("a"), opens("c"))).as("only the changed one's").containsExactly(1, 1, 1);
        stop();
        start(mount("b", "b2"), mount("b/deep", "a"), mount("b/deep/er", "c"));
        assertThat(keys).extracting(this::read).containsExactly("of b2", "of a", "of c");
        assertThat(List.of(opens("b2"), opens("a"), opens("c"))).as("after a restart").containsExactly(1, 1, 1);
        stop();
        // Between two starts, with a mount that goes as well.
        start(mount("b", "b"), mount("b/deep/er", "c"));
        assertThat(keys).extracting(this::read).containsExactly("of b", null, "of c");
        assertThat(List.of(opens("b"), opens("c"))).containsExactly(3, 1);
    }

    @Test
    void shouldKeepWhatIsUnderWayFromAMountNestedInOneWhoseStoreChanges() {
        start(mount("b", "b"), mount("b/deep", "a"));
        CountDownLatch gate = new CountDownLatch(1);
        slow("a").gate = gate;
        CompletableFuture<@Nullable String> underWay = CompletableFuture.supplyAsync(() -> read("b/deep/x"));
        Awaitility.await().until(() -> opens("a") == 1);

        reload(mount("b", "b2"), mount("b/deep", "a"));
        gate.countDown();

        assertThat(underWay.join()).isEqualTo("of a");
        assertThat(read("b/deep/x")).isEqualTo("of a");
        assertThat(opens("a")).isEqualTo(1);
    }

    @Test
    void shouldLetReadsOfAReplacedStoreEndBeforeItIsClosed() {
        start(mount("b", "b"));
        CountDownLatch gate = new CountDownLatch(1);
        slow("b").gate = gate;
        CompletableFuture<@Nullable String> underWay = CompletableFuture.supplyAsync(() -> read("b/x"));
        Awaitility.await().until(() -> opens("b") == 1);

        reload(mount("b", "b2"));

        try (ModelClient second = ModelClient.ofLibrary(node, true)) {
            assertThat(second.read("b/x")).asString().isEqualTo("of b2");
        }
        assertThat(slow("b").closes).hasValue(0);
        gate.countDown();
        assertThat(underWay.join()).as("begun before, ended after").isIn("of b", "of b2");
        Awaitility.await().untilAsserted(() -> assertThat(slow("b").closes).hasValue(1));
        assertThat(read("b/x")).as("what came late was not kept").isEqualTo("of b2");
    }

    @Test
    void shouldGoOnAsBeforeWhenTheConfigurationIsWrong() {
        start(mount("a", "a"));
        assertThat(read("a/x")).isEqualTo("of a");

        for (String wrong : List.of("z=nine://host/dir", "z=cache:#ttl=never")) {
            assertThatExceptionOfType(TiercelException.class).isThrownBy(() -> reload(mount("b", "b"), wrong))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_CONFIGURATION));
        }

        assertThat(read("a/x")).isEqualTo("of a");
        assertThat(read("b/x")).isNull();
        assertThat(opens("a")).isEqualTo(1);
    }

    @Test
    void shouldStartAndReloadWithoutStoresThatDoNotOpen() {
        // Joined deaf to interrupts, as the file of a dead disk is waited for, though not for ever.
        CompletableFuture<Void> gate = new CompletableFuture<Void>().orTimeout(1, TimeUnit.MINUTES);
        List.of("b", "c").forEach(store -> ModelStoreProvider.register(store + '-' + name, () -> {
            gate.join();
            return slow(store);
        }));
        String hurried = "&timeout=500ms&retry.attempts=1&breaker.open=1ms";

        start(mount("a", "a"), mount("b", "b") + hurried);
        assertThat(read("a/x")).isEqualTo("of a");
        MountChanges changes = reload(mount("a", "a"), mount("b", "b") + hurried, mount("c", "c") + hurried);

        assertThat(changes.added()).containsExactly("c");
        assertThat(read("a/x")).isEqualTo("of a");
        assertThat(List.of("b/x", "c/x")).allSatisfy(key -> assertThatExceptionOfType(TiercelException.class)
                .isThrownBy(
                        () -> read(key)).satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE)));
        gate.complete(null);
        Awaitility.await().atMost(Duration.ofMinutes(1)).ignoreExceptionsInstanceOf(TiercelException.class)
                .untilAsserted(
                        () -> assertThat(List.of("b/x", "c/x")).extracting(this::read).containsExactly("of b", "of c"));
    }

    @Test
    void shouldServeNothingOfAnotherStoreAfterAStartWithOtherMounts() {
        start(mount("a", "a"), mount("b", "b"));
        assertThat(List.of("a/x", "b/x")).extracting(this::read).containsExactly("of a", "of b");
        stop();

        start(mount("a", "a"), mount("b", "b2"));

        assertThat(List.of("a/x", "b/x")).extracting(this::read).containsExactly("of a", "of b2");
        assertThat(opens("a")).as("kept over the restart").isEqualTo(1);
    }

    @Test
    void shouldServeNothingWhoseStoreIsNotKnown() throws Exception {
        start(mount("a", "a"), mount("b", "b"));
        List<String> keys = List.of("a/x", "b/x");
        assertThat(keys).extracting(this::read).containsExactly("of a", "of b");
        stop();
        // As a node leaves it that is killed in the midst of a reload of b.
        new MountRegister(temp.resolve("node")).suspend(configuration().settings().mounts(), List.of("b"));
        start(mount("a", "a"), mount("b", "b"));
        assertThat(keys).extracting(this::read).containsExactly("of a", "of b");
        assertThat(opens("a")).isEqualTo(1);
        assertThat(opens("b")).isEqualTo(2);
        stop();
        Files.writeString(temp.resolve("node/mounts"), "nonsense");

        start(mount("a", "a"), mount("b", "b"));

        assertThat(keys).extracting(this::read).containsExactly("of a", "of b");
        assertThat(opens("a")).isEqualTo(2);
    }

    @Test
    void shouldReloadOverHttp() throws Exception {
        start(mount("a", "a"));
        mounts = List.of(mount("a", "a"), mount("c", "c"));

        List<Integer> statuses = new ArrayList<>();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + node.httpEndpoint()
                    + "/v1/reload")).timeout(Duration.ofSeconds(60));
            HttpResponse<String> done = http.send(request.POST(HttpRequest.BodyPublishers.noBody()).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(done.body()).isEqualTo("{\"added\":[\"c\"],\"removed\":[],\"replaced\":[],\"retuned\":[],"
                    + "\"needRestart\":[]}");
            statuses.add(done.statusCode());
            mounts = List.of("c=nine://host");
            statuses.add(http.send(request.POST(HttpRequest.BodyPublishers.noBody()).build(),
                    HttpResponse.BodyHandlers.discarding()).statusCode());
            statuses.add(http.send(request.GET().build(), HttpResponse.BodyHandlers.discarding()).statusCode());
        }

        assertThat(statuses).containsExactly(200, 400, 405);
        assertThat(read("c/x")).isEqualTo("of c");
    }
}
