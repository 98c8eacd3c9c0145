package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tiercel.TiercelException;
import io.tiercel.load.Freshness;
import io.tiercel.load.MountPolicy;
import io.tiercel.load.Protection;
import io.tiercel.load.Sizes;
import io.tiercel.storage.RetryPolicy;
import io.tiercel.tier.NodeClock;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole node against the one promise: three kinds of client read, write, invalidate and change the store behind its
 * back, in rounds that are calm, or where the store fails, or where the node starts anew on its directory. What is read is
 * a committed version, not older than the last acknowledged write or invalidation that covers it; or nothing, where that
 * may be; or a typed error, where there was trouble.
 *
 * <p>{@code -Dtiercel.seed=N} makes the same choices again, {@code -Dtiercel.model.seconds=N} goes on for longer. How
 * threads take turns is not the seed's. With each start the wall clock jumps by an hour, to and fro; while a node runs it
 * looks at no wall clock. That what is stale goes in time is looked at with patience, once a run.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class NodeModelStressTest {
    private static final Logger LOG = LoggerFactory.getLogger(NodeModelStressTest.class);
    private static final long SECONDS = Long.getLong("tiercel.model.seconds", Boolean.getBoolean("tiercel.full")
            ? 600
            : 15);
    private static final int WORKERS = 6;
    private static final int STEPS = 200;
    private static final int LEAST_ROUNDS = 4;
    private static final String STORED = "lake";
    private static final String PAGED = "paged";
    /** One behind each circuit. */
    private static final List<String> PROBES = List.of(STORED + "/probe/p", PAGED + "/probe/p");
    private static final int SUCCESSES_TO_CLOSE = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path temp;

    private final long seed = Long.getLong("tiercel.seed", System.nanoTime() & 0xFFFF_FFFFL);
    private final NodeModel model = new NodeModel();
    private final ModelStore lake = new ModelStore(model, STORED, seed);
    private final ModelStore paged = new ModelStore(model, PAGED, seed);
    private final List<ModelWorker> workers = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
    private TiercelNode node;
    private volatile String httpEndpoint = "";
    private int restarts;

    private TiercelNode launch() {
        URI lakeUri = ModelStoreProvider.register("lake-" + seed, lake);
        URI pagedUri = ModelStoreProvider.register("paged-" + seed, paged);
        long maxObject = 8 << 20;
        MountPolicy policy = MountPolicy.of(maxObject).with(Freshness.USUAL.withTtl(60).withJitter(0.5).withStale(40,
                40).withNegativeTtl(80).withRefreshAhead(20)).with(Protection.USUAL.withPermits(16).withRetry(
                        new RetryPolicy(3, 1, 4), 0.5).withBreaker(8, 20, 3).withTimeout(30_000));
        NodeSettings settings = new NodeSettings.Context().dir(temp.resolve("node")).mappedCapacity(256L << 20)
                .heapCapacity(
                        2 << 20).profile(Profile.COMPACT).udpEndpoint(NodeSettings.OFF).httpEndpoint("127.0.0.1:0")
                .drainDeadlineMs(500).mount(MountSettings.cacheOnly("", maxObject)).mount(new MountSettings(STORED,
                        lakeUri,
                        policy, false)).mount(new MountSettings(PAGED, pagedUri, policy.with(Freshness.USUAL.withTtl(
                                300).withNegativeTtl(80)).with(new Sizes(maxObject, maxObject, 16 << 10, 8 << 10)),
                                false))
                .conclude();
        // An hour to and fro with each start.
        long jumpMs = restarts % 2 == 0 ? 0 : TimeUnit.HOURS.toMillis(1);
        return TiercelNode.launch(settings, NodeClock.of(settings.dir(), System.currentTimeMillis() + jumpMs));
    }

    private void restart() {
        node = launch();
        httpEndpoint = node.httpEndpoint();
    }

    @BeforeEach
    void connect() {
        restart();
        for (int key = 0; key < 8; key++) {
            model.add(PAGED + "/d" + key % 2 + "/k" + key, paged);
        }
        for (int folder = 0; folder < 4; folder++) {
            for (int key = 0; key < 6; key++) {
                model.add(STORED + "/d" + folder + "/k" + key, lake);
                model.add("own/d" + folder + "/k" + key, null);
            }
        }
        model.add(PROBES.get(0), lake);
        model.add(PROBES.get(1), paged);
        for (int i = 0; i < WORKERS; i++) {
            ModelClient client = switch (i % 3) {
                case 0 -> ModelClient.ofLibrary(node, false);
                case 1 -> ModelClient.ofLibrary(node, true);
                default -> ModelClient.ofHttp(() -> httpEndpoint);
            };
            String kind = List.of("mapped", "streamed", "http").get(i % 3);
            workers.add(new ModelWorker(model, client, kind + '-' + i, i, WORKERS));
        }
    }

    @AfterEach
    void close() {
        workers.forEach(worker -> worker.client().close());
        // Mappings go with what holds them.
        workers.clear();
        threads.shutdownNow();
        node.close();
        ModelStoreProvider.forget("lake-" + seed);
        ModelStoreProvider.forget("paged-" + seed);
    }

    @Test
    void shouldKeepThePromiseWhateverHappens() throws Exception {
        LOG.info("model: seed={} seconds={}", seed, SECONDS);
        SplittableRandom random = new SplittableRandom(seed);
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        int rounds = 0;
        while (model.violations().isEmpty() && (rounds < LEAST_ROUNDS || System.nanoTime() - endNs < 0)) {
            // Every kind in turn, so that the fewest rounds see all of them.
            int stormPercent = rounds % 2 == 0 ? 0 : List.of(5, 30, 100).get(random.nextInt(3));
            round(random.nextLong(), stormPercent, rounds % 4 == 3);
            rounds++;
        }
        calm();
        workers.forEach(worker -> model.all().forEach(worker::read));
        awaitChanges();
        LOG.info(
                "model: seed={} rounds={} restarts={} faults={} served={} parts={} missed={} failed={} hits={} loads={}",
                seed,
                rounds, restarts, lake.faults.get() + paged.faults.get(), model.served.get(), model.partsServed.get(),
                model.missed.get(), model.failed.get(),
                node.commands().status().join().mapped().hits() + node.commands().status().join().heap().hits(),
                node.commands().status().join().loads());

        assertThat(model.violations()).as("seed=%d rounds=%d", seed, rounds).isEmpty();
        assertThat(restarts).isPositive();
        assertThat(lake.faults).hasPositiveValue();
        assertThat(paged.faults).hasPositiveValue();
        assertThat(model.partsServed).hasPositiveValue();
        assertThat(model.served.get()).as("seed=%d missed=%d", seed, model.missed.get()).isGreaterThan(WORKERS * 100L);
    }

    private void round(long roundSeed, int stormPercent, boolean isRestarted) throws Exception {
        boolean isCalm = stormPercent == 0 && !isRestarted;
        if (isCalm) {
            calm();
        }
        lake.stormPercent = stormPercent;
        paged.stormPercent = stormPercent;
        CountDownLatch half = new CountDownLatch(WORKERS);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            ModelWorker worker = workers.get(i);
            long workerSeed = roundSeed + i;
            running.add(threads.submit(() -> worker.run(workerSeed, STEPS, isCalm, half::countDown)));
        }
        if (isRestarted) {
            // A worker that failed does not get there; its future tells.
            await().atMost(Duration.ofMinutes(20)).until(() -> half.getCount() == 0 || running.stream().anyMatch(
                    Future::isDone));
            node.close();
            restarts++;
            restart();
        }
        for (Future<?> each : running) {
            each.get();
        }
        lake.stormPercent = 0;
        paged.stormPercent = 0;
    }

    /** Waits until nothing is left of a storm: no call under way, no circuit open, every client at home. */
    private void calm() {
        lake.stormPercent = 0;
        paged.stormPercent = 0;
        PROBES.stream().map(model::key).forEach(probe -> probe.change(probe.nextVersion()));
        await().pollInSameThread().atMost(PATIENCE).until(() -> lake.running.get() + paged.running
                .get() == 0);
        for (ModelWorker worker : workers) {
            for (int i = 0; i < SUCCESSES_TO_CLOSE; i++) {
                for (String probe : PROBES) {
                    await().pollInSameThread().pollInterval(Duration.ofMillis(5)).atMost(PATIENCE).until(
                            () -> isLoaded(worker.client(), probe));
                }
            }
        }
    }

    private static boolean isLoaded(ModelClient client, String probe) {
        try {
            client.invalidate(probe, false);
            return client.read(probe) != null;
        } catch (TiercelException e) {
            return false;
        }
    }

    /** Changes all behind the node's back: without any invalidation each is seen in the end, and there are no ghosts. */
    private void awaitChanges() {
        List<ModelKey> stored = model.all().stream().filter(key -> key.isStored).toList();
        for (ModelKey key : stored) {
            String version = key.name.endsWith("k0") ? null : key.nextVersion();
            key.change(version);
            byte[] expected = version == null ? null : ModelPayload.of(version);
            for (ModelWorker worker : workers) {
                await().pollInSameThread().pollInterval(Duration.ofMillis(5)).atMost(PATIENCE).untilAsserted(
                        () -> assertThat(worker.client().read(key.name)).as("seed=%d key=%s", seed, key.name)
                                .isEqualTo(expected));
            }
        }
    }
}
