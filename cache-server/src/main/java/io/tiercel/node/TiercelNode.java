package io.tiercel.node;

import io.aeron.Subscription;
import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.egress.Egress;
import io.tiercel.http.HttpGateway;
import io.tiercel.ingress.Clients;
import io.tiercel.ingress.Greeter;
import io.tiercel.ingress.Ingress;
import io.tiercel.ingress.IngressSettings;
import io.tiercel.ingress.RequestAdapter;
import io.tiercel.load.ReplacedStores;
import io.tiercel.load.StoreCalls;
import io.tiercel.mapped.ControlFile;
import io.tiercel.shard.Commands;
import io.tiercel.shard.MountGrace;
import io.tiercel.shard.NodeStatusJson;
import io.tiercel.shard.Shard;
import io.tiercel.shard.ShardAgent;
import io.tiercel.shard.ShardProxy;
import io.tiercel.shard.ShardTasks;
import io.tiercel.tier.Clock;
import io.tiercel.tier.NodeClock;
import io.tiercel.tier.StoreContext;
import io.tiercel.tier.TieredStore;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node: tiers, mounts, media driver, shard and gateways, wired and started. Threadsafe.
 *
 * <p>Parts start from the inside out, so that whoever can reach the node is served; they stop the other way round.
 */
public final class TiercelNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TiercelNode.class);

    /** Silence after which a client is dropped: a client says something every second. */
    private static final int KEEP_ALIVE_MS = 10_000;
    private static final int STOP_TIMEOUT_MS = 15_000;

    /** How often {@link #awaitFailure} looks at what a node cannot do without. */
    private static final long LOOK_INTERVAL_MS = 250;

    private final NodeSettings settings;
    private final Transport transport;
    private final ControlFile control;
    private final ShardProxy commands;
    private final DriverDuty driver;
    private final Drain drain;
    private final AgentRunner runner;
    private final Mounts mounts;
    private final Reload reload;
    private final String udpEndpoint;
    private @Nullable HttpGateway http;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean isServing;
    private boolean closed;

    private TiercelNode(NodeSettings settings, TieredStore tiers, Mounts mounts, MountRegister register,
            Transport transport, long incarnation) {
        this.settings = settings;
        this.transport = transport;
        this.mounts = mounts;
        this.control = tiers.control();
        Clock clock = tiers.clock();
        ShardTasks tasks = new ShardTasks();
        StoreCalls calls = new StoreCalls(tasks, settings.loadPermits(), settings.loadQueue(), clock::nowNs,
                RandomGenerator
                        .getDefault());
        Shard shard = new Shard(tiers, mounts.table(), calls, clock, TimeUnit.MILLISECONDS.toNanos(settings
                .loadDeadlineMs()),
                RandomGenerator.getDefault());
        // What was cached of other stores is gone before anybody can ask.
        ReplacedStores replaced = register.replaced(mounts.settings());
        if (!replaced.isEmpty()) {
            shard.mounts(mounts.table().mounts(), replaced);
            register.write(mounts.settings());
        }
        Egress egress = new Egress(shard, transport.aeron());
        Clients clients = new Clients(shard, settings.maxClients(), KEEP_ALIVE_MS);
        StatusReporter status = new StatusReporter(settings.name(), shard, mounts.table(), clients);
        Greeter greeter = new Greeter(shard, egress, clients,
                new IngressSettings(settings.name(), incarnation, control.nonce(), settings.maxClients(),
                        KEEP_ALIVE_MS));
        Ingress ingress = new Ingress(clients,
                new RequestAdapter(shard, clients, greeter, () -> NodeStatusJson.of(status.get())));
        ingress.add(transport.subscribeIpc(ingress::onUnavailableImage));
        Subscription udp = null;
        if (!settings.udpEndpoint().equals(NodeSettings.OFF)) {
            udp = transport.subscribeUdp(settings.udpEndpoint(), ingress::onUnavailableImage);
            ingress.add(udp);
        }
        this.udpEndpoint = udp == null ? NodeSettings.OFF : transport.endpointOf(udp);
        this.driver = new DriverDuty(transport.driverInvoker(), transport.aeron().conductorAgentInvoker(), udp,
                clock.nowNs());
        this.commands = new ShardProxy(shard, tasks, clock, status);
        this.reload = new Reload(mounts, register, commands);
        this.drain = new Drain(shard, egress, ingress, control);
        ShardAgent agent = new ShardAgent(shard, tasks, clock, List.of(drain, ingress, egress, driver));
        this.runner = new AgentRunner(idleStrategy(settings.profile()), new TroubleLog("shard", true)::report, null,
                agent);
    }

    /**
     * Begins, on a thread of its own, what a start needs and no setting changes; to be called first where the start is to
     * be short.
     */
    public static void preload() {
        Thread.ofPlatform().name("tiercel-preload").daemon().start(() -> {
            TieredStore.preload();
            HttpGateway.preload();
            openJars();
        });
    }

    /**
     * Has every jar opened by looking for what none has. Each is opened when it is first looked into otherwise, and where
     * there are no more descriptors then, a class that is needed to refuse something could not be loaded.
     */
    private static void openJars() {
        URL ignored = TiercelNode.class.getResource("/META-INF/nothing");
    }

    /**
     * Starts a node and answers when it serves.
     *
     * @throws TiercelException NODE_UNAVAILABLE when its directory is held or a port is taken, BAD_CONFIGURATION when a
     *     mount cannot be read, NO_SPACE when disk or shared memory are too small. Nothing is left running then.
     */
    public static TiercelNode launch(NodeSettings settings) {
        return launch(settings, NodeClock.of(settings.dir()));
    }

    /** The same by a clock that a test has chosen. */
    static TiercelNode launch(NodeSettings settings, Clock clock) {
        MountGrace grace = new MountGrace();
        TieredStore tiers = TieredStore.open(new StoreContext().dir(settings.dir())
                .clock(clock).heapCapacity(settings.heapCapacity())
                .mappedCapacity(settings.mappedCapacity()).maxFrame(settings.maxFrame())
                .retention(grace).repeatIntervalNs(StoreContext.NODE_REPEAT_INTERVAL_NS).maxReaders(settings
                        .maxMappedClients()).pinQuota(settings.pinQuota()).conclude());
        Mounts mounts = null;
        Transport transport = null;
        TiercelNode node = null;
        try {
            mounts = Mounts.open(settings.mounts(), settings.maxStoreClients());
            grace.mounts(mounts.table());
            ControlFile control = tiers.control();
            long incarnation = Incarnations.next();
            AeronFolder.deleteLeftOver(control.aeronDir());
            Path folder = AeronFolder.choose(settings.aeronDir(), settings.dir(), incarnation);
            control.aeronDir(folder.toString());
            control.nonce(Incarnations.next());
            control.pid(ProcessHandle.current().pid());
            transport = Transport.launch(folder, settings.profile());
            node = new TiercelNode(settings, tiers, mounts, new MountRegister(settings.dir()), transport, incarnation);
            node.start(incarnation);
            return node;
        } catch (RuntimeException e) {
            if (node != null) {
                node.close();
            } else {
                CloseHelper.quietCloseAll(transport, mounts, tiers);
            }
            throw e;
        }
    }

    private void start(long incarnation) {
        control.udpEndpoint(udpEndpoint.equals(NodeSettings.OFF) ? "" : udpEndpoint);
        AgentRunner.startOnThread(runner);
        if (!settings.httpEndpoint().equals(NodeSettings.OFF)) {
            http = HttpGateway.start(new HttpGateway.Context().bind(settings.httpEndpoint()).commands(commands)
                    .isReady(() -> isServing).reload(() -> reload().json()).spoolDir(settings.dir().resolve("spool"))
                    .maxFrame(settings.maxFrame())
                    .requestTimeoutMs(settings.loadDeadlineMs()).drainDeadlineMs(settings.drainDeadlineMs()));
        }
        control.beginIncarnation(incarnation);
        isServing = true;
    }

    private static IdleStrategy idleStrategy(Profile profile) {
        return profile == Profile.DEDICATED
                ? new BusySpinIdleStrategy()
                : new BackoffIdleStrategy(80, 50, TimeUnit.MICROSECONDS.toNanos(1), TimeUnit.MICROSECONDS.toNanos(
                        500));
    }

    public NodeSettings settings() {
        return settings;
    }

    public Path dir() {
        return settings.dir();
    }

    /** Folder of the media driver that clients of this host use. */
    public String aeronDir() {
        return transport.folder();
    }

    /** {@code HOST:PORT} with the port in use, or {@link NodeSettings#OFF}. */
    public String udpEndpoint() {
        return udpEndpoint;
    }

    /** {@code HOST:PORT} with the port in use, or {@link NodeSettings#OFF}. */
    public String httpEndpoint() {
        HttpGateway gateway = http;
        return gateway == null ? NodeSettings.OFF : gateway.address();
    }

    /** Where {@link #reload} reads settings, and those that the node was launched with; without it there is no reload. */
    public TiercelNode reloadingFrom(Supplier<NodeConfiguration> source, NodeConfiguration launched) {
        reload.from(source, launched);
        return this;
    }

    /**
     * Reads the settings again and takes on their mounts, others than before or of another policy, while it serves.
     * Frames of mounts that keep their store stay. Blocks while stores are opened, each for its mount's timeout at most.
     *
     * @throws TiercelException BAD_CONFIGURATION, NOT_SUPPORTED, NO_SPACE, NODE_UNAVAILABLE: the mounts are those of
     *     before then.
     */
    public MountChanges reload() {
        return reload.run();
    }

    /** The node's operations for other threads of this process. */
    public Commands commands() {
        return commands;
    }

    /**
     * Waits until the node is closed, or can serve no more though nobody closed it.
     *
     * @return why it cannot serve, NODE_UNAVAILABLE; it is not ready from then on, and remains to be closed. Null when it
     *     is being closed.
     */
    public @Nullable TiercelException awaitFailure() throws InterruptedException {
        while (!closing.await(LOOK_INTERVAL_MS, TimeUnit.MILLISECONDS)) {
            String defect = defect();
            if (defect != null && isServing) {
                isServing = false;
                return new TiercelException(ErrorCode.NODE_UNAVAILABLE, defect);
            }
        }
        return null;
    }

    private @Nullable String defect() {
        if (driver.isOver()) {
            return "the media driver died, so that nobody is served: aeron=" + aeronDir() + ": start the node again";
        }
        if (runner.isClosed()) {
            return "the shard's thread ended, so that nobody is served: dir=" + dir() + ": start the node again";
        }
        if (!transport.isFound()) {
            return "the media driver's files were deleted, so that no client finds the node: aeron=" + aeronDir()
                    + ": start the node again, and keep what cleans up away from there";
        }
        return null;
    }

    /** Lets what is under way end, within {@code node.drainDeadline}, then stops. A second call does nothing. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        isServing = false;
        closing.countDown();
        long drainDeadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(settings.drainDeadlineMs());
        CloseHelper.quietClose(http);
        drain(drainDeadlineNs);
        runner.close(STOP_TIMEOUT_MS, thread -> LOG.warn("shard still stops: {}", thread.getName()));
        CloseHelper.quietCloseAll(transport, mounts);
    }

    /** Takes no new requests and waits for those that are under way. */
    private void drain(long deadlineNs) {
        if (runner.thread() == null) {
            return;
        }
        drain.begin();
        while (!drain.isDone() && System.nanoTime() - deadlineNs < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }
}
