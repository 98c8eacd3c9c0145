package io.tiercel.client;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.wire.WireProtocol;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.agrona.CloseHelper;
import org.agrona.IoUtil;
import org.agrona.concurrent.AgentInvoker;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a node's ingress: the Aeron client, over UDP with a media driver of its own, a publication for
 * requests and a subscription for replies. No thread: whoever polls invokes the parts. Under the poll lock only.
 */
final class AeronTransport implements AutoCloseable {
    /** A media driver that silent for so long is dead; the control file's beat tells sooner. */
    private static final long DRIVER_TIMEOUT_MS = 5_000L;
    private static final long CONDUCTOR_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long PAUSE_NS = 50_000L;
    /** Room that a driver's files take: two logs of three terms, and its own. */
    private static final long DRIVER_SPACE = 64L * 1024 * 1024;

    private final @Nullable MediaDriver driver;
    private final @Nullable AgentInvoker driverInvoker;
    private final @Nullable Path driverDir;
    private final Aeron aeron;
    private final AgentInvoker conductor;
    private @Nullable Subscription subscription;
    private @Nullable ExclusivePublication publication;
    private int replyStreamId;
    private int replyPort;
    private long conductorDueNs = System.nanoTime();

    private AeronTransport(@Nullable MediaDriver driver, @Nullable Path driverDir, Aeron.Context aeronContext) {
        this.driver = driver;
        this.driverDir = driverDir;
        this.driverInvoker = driver == null ? null : driver.sharedAgentInvoker();
        this.aeron = Aeron.connect(aeronContext);
        this.conductor = aeron.conductorAgentInvoker();
    }

    /**
     * Connects through the node's own media driver.
     *
     * @param goneBecause asked at every step: why to give up, or empty.
     * @throws TiercelException NODE_UNAVAILABLE when the node does not take part by the deadline.
     */
    static AeronTransport overIpc(TiercelClient.Context context, String aeronDir, long deadlineNs,
            Supplier<String> goneBecause) {
        Aeron.Context aeronContext = aeronContext(context, aeronDir);
        AeronTransport transport = new AeronTransport(null, null, aeronContext);
        int streamId = ThreadLocalRandom.current().nextInt(WireProtocol.UDP_REPLY_STREAM_ID + 1, Integer.MAX_VALUE);
        transport.connect(WireProtocol.ipcChannel(), streamId,
                WireProtocol.ipcRequestChannel(ThreadLocalRandom.current().nextInt()), deadlineNs, goneBecause);
        return transport;
    }

    /** Connects over UDP, through a media driver that it starts and owns. */
    static AeronTransport overUdp(TiercelClient.Context context, UdpEndpoint endpoint, long deadlineNs)
            throws IOException {
        String replyChannel = WireProtocol.udpChannel(endpoint.localAddress() + ":0");
        Path dir = driverParentDir(context).resolve("tiercel-client-" + UUID.randomUUID());
        MediaDriver driver = MediaDriver.launch(driverContext(context, dir));
        AeronTransport transport;
        try {
            Aeron.Context aeronContext = aeronContext(context, dir.toString());
            aeronContext.driverAgentInvoker(driver.sharedAgentInvoker());
            transport = new AeronTransport(driver, dir, aeronContext);
        } catch (RuntimeException e) {
            CloseHelper.quietClose(driver);
            IoUtil.delete(dir.toFile(), true);
            throw e;
        }
        transport.connect(replyChannel, WireProtocol.UDP_REPLY_STREAM_ID,
                WireProtocol.udpRequestChannel(endpoint.toString(), ThreadLocalRandom.current().nextInt()), deadlineNs,
                () -> "");
        return transport;
    }

    private static Aeron.Context aeronContext(TiercelClient.Context context, String aeronDir) {
        return new Aeron.Context().aeronDirectoryName(aeronDir).useConductorAgentInvoker(true)
                .driverTimeoutMs(DRIVER_TIMEOUT_MS).errorHandler(context.errorHandler()::accept)
                .subscriberErrorHandler(context.errorHandler()::accept).clientName("tiercel-" + context.clientName());
    }

    private static MediaDriver.Context driverContext(TiercelClient.Context context, Path dir) {
        long silenceNs = context.livenessTimeoutNs();
        return new MediaDriver.Context().aeronDirectoryName(dir.toString()).threadingMode(ThreadingMode.INVOKER)
                .dirDeleteOnStart(true).dirDeleteOnShutdown(true).warnIfDirectoryExists(false)
                .termBufferSparseFile(true).publicationConnectionTimeoutNs(silenceNs).imageLivenessTimeoutNs(silenceNs)
                .errorHandler(context.errorHandler()::accept);
    }

    private static Path driverParentDir(TiercelClient.Context context) throws IOException {
        Path chosen = context.driverParentDir();
        if (chosen != null) {
            return chosen;
        }
        Path sharedMemory = Path.of("/dev/shm");
        boolean hasRoom = Files.isWritable(sharedMemory)
                && Files.getFileStore(sharedMemory).getUsableSpace() >= DRIVER_SPACE;
        return hasRoom ? sharedMemory : Path.of(IoUtil.tmpDirName());
    }

    private void connect(String replyChannel, int streamId, String requestChannel, long deadlineNs,
            Supplier<String> goneBecause) {
        boolean connected = false;
        try {
            long subscriptionId = aeron.asyncAddSubscription(replyChannel, streamId);
            long publicationId = aeron.asyncAddExclusivePublication(requestChannel, WireProtocol.INGRESS_STREAM_ID);
            replyStreamId = streamId;
            boolean needsPort = driver != null;
            while (!connected) {
                int work = work(System.nanoTime(), true);
                subscription = subscription == null ? aeron.getSubscription(subscriptionId) : subscription;
                publication = publication == null ? aeron.getExclusivePublication(publicationId) : publication;
                if (needsPort && replyPort == 0 && subscription != null) {
                    replyPort = resolvedPort(subscription);
                }
                connected = subscription != null && publication != null && publication.isConnected()
                        && (!needsPort || replyPort != 0);
                requireAlive(deadlineNs, goneBecause);
                if (work == 0 && !connected) {
                    LockSupport.parkNanos(PAUSE_NS);
                }
            }
        } finally {
            if (!connected) {
                close();
            }
        }
    }

    private static int resolvedPort(Subscription subscription) {
        String channel = subscription.tryResolveChannelEndpointPort();
        if (channel == null) {
            return 0;
        }
        String endpoint = io.aeron.ChannelUri.parse(channel).get(CommonContext.ENDPOINT_PARAM_NAME, "");
        UdpEndpoint local = UdpEndpoint.tryParse(endpoint);
        return local == null ? 0 : local.port();
    }

    private void requireAlive(long deadlineNs, Supplier<String> goneBecause) {
        String reason = aeron.isClosed() ? "the media driver is gone" : goneBecause.get();
        if (reason.isEmpty() && System.nanoTime() - deadlineNs >= 0L) {
            reason = "nobody answers";
        }
        if (!reason.isEmpty()) {
            throw new TiercelException(ErrorCode.NODE_UNAVAILABLE, reason);
        }
    }

    /** Whether a media driver has files in this folder. */
    static boolean hasDriver(String aeronDir) {
        return new File(aeronDir, io.aeron.CncFileDescriptor.CNC_FILE).exists();
    }

    /** Moves driver and Aeron client; the latter by the clock unless {@code always}. Answers how much was done. */
    int work(long nowNs, boolean always) {
        int work = driverInvoker == null ? 0 : driverInvoker.invoke();
        if (always || nowNs - conductorDueNs >= 0L) {
            conductorDueNs = nowNs + CONDUCTOR_INTERVAL_NS;
            work += conductor.invoke();
        }
        return work;
    }

    /** Whether Aeron itself still works. */
    boolean isAlive() {
        return !aeron.isClosed() && (driverInvoker == null || !driverInvoker.isClosed());
    }

    Subscription subscription() {
        return notNull(subscription);
    }

    ExclusivePublication publication() {
        return notNull(publication);
    }

    int replyStreamId() {
        return replyStreamId;
    }

    /** 0 over IPC. */
    int replyPort() {
        return replyPort;
    }

    private static <T> T notNull(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("transport is not connected");
        }
        return part;
    }

    /** Unmaps the logs: nobody may send or poll any more. */
    @Override
    public void close() {
        CloseHelper.quietCloseAll(aeron, driver);
        if (driverDir != null) {
            IoUtil.delete(driverDir.toFile(), true);
        }
    }
}
