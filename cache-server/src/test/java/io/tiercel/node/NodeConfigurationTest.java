package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.load.Freshness;
import io.tiercel.load.MountPolicy;
import io.tiercel.load.Protection;
import io.tiercel.load.Sizes;
import io.tiercel.storage.RetryPolicy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeConfigurationTest {
    @TempDir
    Path folder;

    @Test
    void shouldWorkWithNothingAtAll() {
        NodeSettings settings = load(new NodeOptions(), Map.of());

        assertThat(settings.dir()).isEqualTo(Path.of("./tiercel-data"));
        assertThat(settings.name()).isNotEmpty();
        assertThat(settings.heapCapacity()).isEqualTo(64 << 20);
        assertThat(settings.mappedCapacity()).isEqualTo(1 << 30);
        assertThat(settings.maxFrame()).isEqualTo(512 << 20);
        assertThat(settings.udpEndpoint()).isEqualTo("127.0.0.1:8740");
        assertThat(settings.httpEndpoint()).isEqualTo("127.0.0.1:8741");
        assertThat(settings.drainDeadlineMs()).isEqualTo(30_000);
        assertThat(settings.mounts())
                .containsExactly(MountSettings.of("", URI.create("cache:/"), 512 << 20));
    }

    @Test
    void shouldPreferOptionToEnvironmentToFileToDefault() throws IOException {
        Path file = file("memory { heap = 1MiB, mapped = 32MiB }", "load { permits = 7, queue = 8 }");
        Map<String, String> environment = Map.of("TIERCEL_HEAP", "2MiB", "TIERCEL_MEMORY_MAPPED", "64MiB",
                "TIERCEL_LOAD_PERMITS", "9");

        NodeConfiguration configuration = NodeConfiguration
                .load(new NodeOptions().option(Setting.MEMORY_HEAP, "3MiB"), environment, file);

        assertThat(origins(configuration, "memory.heap", "memory.mapped", "load.permits", "load.queue", "clients.max"))
                .containsExactly("memory.heap=3MiB from option --heap",
                        "memory.mapped=64MiB from environment TIERCEL_MEMORY_MAPPED",
                        "load.permits=9 from environment TIERCEL_LOAD_PERMITS", "load.queue=8 from " + file + ":2",
                        "clients.max=64 from default");
    }

    @Test
    void shouldReadMountsFromEverywhere() throws IOException {
        Path file = file("mounts {", "  lake { store = \"file:///x\", ttl = 10m, readOnly = true }",
                "  \"a//b/\" { store = \"cache:\" }", "}");
        Map<String, String> environment = Map.of("TIERCEL_MOUNTS_LAKE_TTL", "5m", "TIERCEL_MOUNTS_NEW_STORE",
                "memory:", "TIERCEL_MOUNTS__STORE", "file:///root");

        NodeSettings settings = NodeConfiguration
                .load(new NodeOptions().mount("lake=file:///y#maxObject=1MiB&timeout=2s"), environment, file)
                .settings();

        long maxFrame = settings.maxFrame();
        MountPolicy lake = MountPolicy.of(1 << 20).with(Freshness.USUAL.withTtl(300_000)).with(Protection.USUAL
                .withTimeout(2_000)).readOnly();
        assertThat(settings.mounts()).containsExactly(
                MountSettings.of("", URI.create("file:///root"), maxFrame),
                MountSettings.of("a/b", URI.create("cache:/"), maxFrame),
                new MountSettings("lake", URI.create("file:///y"), lake, false),
                MountSettings.of("new", URI.create("memory:/"), maxFrame));
    }

    @Test
    void shouldReadAMountsWholePolicy() throws IOException {
        Path file = file("mounts.lake { store = \"http://h/p\", ttl = 1h, ttlJitter = 0.25, negativeTtl = 0s",
                "  staleWhileRevalidate = 1m, staleIfError = 1d, refreshAhead = 5m, slidingTtl = on, storeFreshness = false",
                "  maxObject = 2MiB, maxListing = 3MiB, pageThreshold = 4MiB, pageSize = 1MiB, permits = 6, timeout = 7s",
                "  retry { attempts = 8, base = 9ms, cap = 10s, budget = 0.5 }",
                "  breaker { failures = 11, open = 12s }, breaker.halfOpen = 13, allowPrivate = true }");

        MountSettings mount = NodeConfiguration.load(new NodeOptions(), Map.of(
                "TIERCEL_MOUNTS_LAKE_RETRY_BASE", "99ms"), file).settings().mounts().get(0);

        Freshness freshness = new Freshness(3_600_000, 0.25, 0, 60_000, 86_400_000, 300_000, true, false);
        Sizes sizes = new Sizes(2 << 20, 3 << 20, 4 << 20, 1 << 20);
        Protection protection = new Protection(6, 7_000, new RetryPolicy(8, 99, 10_000), 0.5, 11, 12_000, 13);
        assertThat(mount).isEqualTo(new MountSettings("lake", URI.create("http://h/p"), new MountPolicy(freshness,
                sizes, protection, false), true));
    }

    @Test
    void shouldRefuseWhatIsNoPolicy() throws IOException {
        Path file = file("mounts.lake { store = \"memory:\", ttlJitter = 1.5", "retry { attempts = 0, times = 3 }",
                "slidingTtl = true", "refreshAhead = never", "breaker = 3 }");

        assertThatThrownBy(() -> NodeConfiguration.load(new NodeOptions(), Map.of(), file)).hasMessageContainingAll(
                ":1: mounts.lake.ttlJitter=1.5: expected 0 to 1", ":2: mounts.lake.retry.attempts=0: expected 1 to 100",
                ":2: mounts.lake.retry.times: unknown setting", ":3: mounts.lake.slidingTtl=true: expected on or off",
                ":4: mounts.lake.refreshAhead=never: expected off, or a duration", ":5: mounts.lake.breaker: unknown");
    }

    @Test
    void shouldTakeSeveralMountsFromOneVariable() {
        NodeSettings settings = load(new NodeOptions(), Map.of("TIERCEL_MOUNT", "a=cache: b=memory:#ttl=1h"));

        assertThat(settings.mounts()).extracting(MountSettings::prefix).containsExactly("a", "b");
        assertThat(settings.mounts()).extracting(mount -> mount.policy().freshness().ttlMs()).containsExactly(0L,
                3_600_000L);
    }

    @Test
    void shouldSubstituteVariables() throws IOException {
        Path file = file("memory.heap = ${HEAP}", "memory.mapped = ${?NONE}", "node.name = node-${ZONE}",
                "clients.max = ${?TIERCEL_MADE_UP}");

        NodeConfiguration configuration = NodeConfiguration.load(new NodeOptions(),
                Map.of("HEAP", "5MiB", "ZONE", "eu", "TIERCEL_MADE_UP", "5", "odd name%%", "x"), file);

        assertThat(origins(configuration, "memory.heap", "memory.mapped", "node.name", "clients.max")).containsExactly(
                "memory.heap=5MiB from " + file + ":1", "memory.mapped=1GiB from default",
                "node.name=node-eu from " + file + ":3", "clients.max=5 from " + file + ":4");
    }

    @Test
    void shouldTellEverythingThatIsWrongAtOnce() throws IOException {
        Path file = file("memory { haep = s3cret, heap = 64MB, mapped = 8MiB }", "nod.name = s3cret",
                "load.permits = 0", "aeron.udp = ${MISSING}", "http.bind = nowhere", "clients.max = [1]",
                "mounts.lake.tll = s3cret", "mounts.\"../x\".store = \"cache:\"", "node.profile = fast");
        NodeOptions options = new NodeOptions().option(Setting.NODE_DIR, " ").mount("nonsense");

        assertThat(defects(options, Map.of("TIERCEL_HAEP", "s3cret"), file)).containsExactlyInAnyOrder(
                file + ":1: memory.haep: unknown setting; did you mean memory.heap?",
                file + ":1: memory.heap=64MB: expected a size such as 64MiB (B, KiB, MiB, GiB, TiB)",
                file + ":1: memory.mapped=8MiB: expected 16MiB to 64TiB",
                file + ":2: nod: unknown setting; did you mean node?",
                file + ":3: load.permits=0: expected 1 to 65536",
                file + ":4: aeron.udp: ${MISSING} is not in the environment; set it, or write ${?...} where it may be"
                        + " missing",
                file + ":5: http.bind=nowhere: expected HOST:PORT or off",
                file + ":6: clients.max: expected one value; leave the line out for the default",
                file + ":7: mounts.lake.tll: unknown setting; did you mean ttl?",
                file + ":8: the prefix of a mount is a key: key is stepping out with '..': '../x'",
                file + ":9: node.profile=fast: expected compact, shared or dedicated",
                "environment TIERCEL_HAEP: unknown setting; did you mean TIERCEL_HEAP?",
                "option --dir: node.dir= : expected a path",
                "option --mount: expected PREFIX=URI, for example lake=file:///dir (an empty PREFIX is the root)");
    }

    @Test
    void shouldRefuseMountWithoutStore() throws IOException {
        Path file = file("", "mounts.lake.ttl = 10m");

        assertThat(defects(new NodeOptions(), Map.of(), file))
                .containsExactly(file + ":2: mounts.lake.store: missing; a mount needs a store, if only cache:");
    }

    @Test
    void shouldRefuseTtlOfNothing() {
        assertThat(defects(new NodeOptions().mount("a=cache:#ttl=0s"), Map.of(), null))
                .containsExactly("option --mount: mounts.a.ttl=0s: expected 1ms to 3650d");
    }

    @Test
    void shouldRefuseMountGivenTwice() {
        assertThat(defects(new NodeOptions().mount("a=cache:").mount("/a/=memory:"), Map.of(), null))
                .containsExactly("option --mount: mounts.a.store: given twice");
    }

    @Test
    void shouldRefuseFrameBeyondTheTierWithBothFigures() {
        Map<String, String> environment = Map.of("TIERCEL_MEMORY_MAXFRAME", "65MiB");

        assertThat(defects(new NodeOptions().option(Setting.MEMORY_MAPPED, "64MiB"), environment, null))
                .containsExactly("environment TIERCEL_MEMORY_MAXFRAME: memory.maxFrame=65MiB is more than"
                        + " memory.mapped=64MiB: an object must fit the tier");
    }

    @Test
    void shouldRefuseObjectsOfMountBeyondTheLargestFrame() {
        assertThat(defects(new NodeOptions().option(Setting.MEMORY_MAPPED, "64MiB").mount("a=cache:#maxObject=33MiB"),
                Map.of(), null))
                .containsExactly("option --mount: mounts.a.maxObject=33MiB is more than memory.maxFrame=32MiB");
    }

    @Test
    void shouldRefuseCapacityBeyondTheDiskWithBothFigures() {
        NodeOptions options = new NodeOptions().option(Setting.NODE_DIR, folder.resolve("not/yet").toString())
                .option(Setting.MEMORY_MAPPED, "64TiB");

        assertThat(defects(options, Map.of(), null)).singleElement().asString()
                .startsWith("option --mapped: memory.mapped=64TiB is more than the disk under ")
                .containsPattern("can hold, [0-9]+MiB: lower it");
    }

    @Test
    void shouldRefuseHeapBeyondTheJvmsWithBothFigures() {
        assertThat(defects(new NodeOptions().option(Setting.MEMORY_HEAP, "1TiB"), Map.of(), null)).singleElement()
                .asString().startsWith("option --heap: memory.heap=1TiB is more than the JVM's heap of ");
    }

    @Test
    void shouldRefuseTwoVariablesThatDiffer() {
        Map<String, String> environment = Map.of("TIERCEL_HEAP", "1MiB", "TIERCEL_MEMORY_HEAP", "2MiB");

        assertThat(defects(new NodeOptions(), environment, null))
                .containsExactly("environment TIERCEL_MEMORY_HEAP: memory.heap: differs from environment TIERCEL_HEAP;"
                        + " leave one of them out");
    }

    @Test
    void shouldLeaveAloneWhatIsNoSetting() {
        Map<String, String> environment = Map.of("TIERCEL_SERVICE_HOST", "10.0.0.1", "TIERCEL_PORT",
                "tcp://10.0.0.1:80", "TIERCEL_PORT_80_TCP", "x", "TIERCEL_JAVA_OPTS", "-Xmx1g", "PATH", "/bin");

        assertThat(load(new NodeOptions(), environment).mounts()).hasSize(1);
    }

    @Test
    void shouldSayWhichFileIsMissing() {
        Path none = folder.resolve("none.conf");

        assertThat(defects(new NodeOptions(), Map.of(), none)).containsExactly(none + ": no readable file");
    }

    @Test
    void shouldSayWhereTheSyntaxIsWrongWithoutRepeatingIt() throws IOException {
        Path file = file("memory.heap = 1MiB", "x = hunter2secret \"other3secret\" }");

        assertThat(defects(new NodeOptions(), Map.of(), file)).singleElement().asString().startsWith(file + ":2: ")
                .doesNotContain("secret");
    }

    @Test
    void shouldRefuseIncludesFromUrls() throws IOException {
        assertThat(defects(new NodeOptions(), Map.of(), file("include url(\"http://127.0.0.1:1/x\")"))).singleElement()
                .asString().endsWith("include takes files alone, no URL");
        assertThat(defects(new NodeOptions(), Map.of(), file("include \"http://127.0.0.1:1/x\""))).singleElement()
                .asString().endsWith("include takes files alone, no URL");
        assertThat(defects(new NodeOptions(), Map.of(), file("include \"none.conf\""))).singleElement().asString()
                .endsWith("include: no such file: none.conf");
    }

    @Test
    void shouldIncludeFilesBesideAndNameThem() throws IOException {
        Path part = folder.resolve("part.conf");
        Files.writeString(part, "\nmemory.heap = 7");
        Path file = file("include \"part.conf\"");

        assertThat(defects(new NodeOptions(), Map.of(), file)).containsExactly(
                part + ":2: memory.heap=7: expected a size such as 64MiB (B, KiB, MiB, GiB, TiB)");
    }

    private Path file(String... lines) throws IOException {
        return Files.write(folder.resolve("tiercel.conf"), Arrays.asList(lines));
    }

    private static NodeSettings load(NodeOptions options, Map<String, String> environment) {
        return NodeConfiguration.load(options, environment, null).settings();
    }

    private static List<String> defects(NodeOptions options, Map<String, String> environment,
            @Nullable Path file) {
        TiercelException[] thrown = new TiercelException[1];
        assertThatThrownBy(() -> NodeConfiguration.load(options, environment, file))
                .isInstanceOfSatisfying(TiercelException.class, e -> thrown[0] = e);
        assertThat(thrown[0].code()).isEqualTo(ErrorCode.BAD_CONFIGURATION);
        assertThat(thrown[0].getMessage()).doesNotContain("s3cret");
        return String.valueOf(thrown[0].getMessage()).lines().toList();
    }

    private static List<String> origins(NodeConfiguration configuration, String... keys) {
        return Arrays.stream(keys)
                .flatMap(key -> configuration.effective().stream().filter(setting -> setting.key().equals(key)))
                .map(setting -> setting.key() + "=" + setting.value() + " from " + setting.origin()).toList();
    }
}
