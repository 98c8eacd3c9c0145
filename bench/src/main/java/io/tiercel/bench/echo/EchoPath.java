package io.tiercel.bench.echo;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import io.tiercel.bench.load.ReadPath;
import io.tiercel.wire.WireProtocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.IoUtil;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A request to {@link EchoProcess} and a reply of a given length over bare Aeron: no codec, no correlation table, no copy,
 * no checksum. Waits as the client library's blocking calls do: on the caller's own thread, with the Aeron client invoked
 * by the clock, over UDP with a media driver of its own invoked at every turn, spinning for 100 µs and then napping. Not
 * threadsafe.
 */
public final class EchoPath implements ReadPath {
    private static final int FRAGMENT_LIMIT = 64;
    private static final long DRIVER_TIMEOUT_MS = 5_000L;
    private static final long LIVENESS_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long CONDUCTOR_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long SPIN_NS = 100_000L;
    private static final long MAX_PARK_NS = 1_000_000L;
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

    private final @Nullable MediaDriver driver;
    private final @Nullable Path driverDir;
    private final @Nullable AgentInvoker driverInvoker;
    private final Aeron aeron;
    private final AgentInvoker conductor;
    private final Subscription replies;
    private final ExclusivePublication requests;
    private final UnsafeBuffer request;
    private final long replyLength;
    private final FragmentHandler onReply = this::onReply;
    private @Nullable AutoCloseable owned;
    private long conductorDueNs;
    private long correlationId;
    private long answeredId;
    private long answeredLength;

    private EchoPath(@Nullable MediaDriver driver, @Nullable Path driverDir, Aeron aeron, String replyChannel,
            String requestChannel, int requestLength, long replyLength) {
        this.driver = driver;
        this.driverDir = driverDir;
        this.driverInvoker = driver == null ? null : driver.sharedAgentInvoker();
        this.aeron = aeron;
        this.conductor = aeron.conductorAgentInvoker();
        this.request = new UnsafeBuffer(new byte[Math.max(requestLength, EchoMessages.LEAST_REQUEST_LENGTH)]);
        this.replyLength = replyLength;
        this.request.putLong(EchoMessages.REPLY_LENGTH_OFFSET, replyLength);
        this.replies = aeron.addSubscription(replyChannel, EchoProcess.REPLY_STREAM_ID);
        this.requests = aeron.addExclusivePublication(requestChannel, EchoProcess.REQUEST_STREAM_ID);
        this.conductorDueNs = System.nanoTime();
    }

    /**
     * A way over IPC to a process of its own, which ends with it.
     *
     * @param requestLength bytes of a request, at least 16.
     * @param replyLength bytes of a reply, at least 8; more than a message takes come in several, as from a node.
     */
    public static EchoPath open(int requestLength, long replyLength) {
        EchoServer server = EchoServer.start();
        try {
            EchoPath opened = overIpc(server, requestLength, replyLength);
            opened.owned = server;
            return opened;
        } catch (RuntimeException e) {
            CloseHelper.quietClose(server);
            throw e;
        }
    }

    /** A way over IPC. */
    public static EchoPath overIpc(EchoServer server, int requestLength, long replyLength) {
        Aeron aeron = Aeron.connect(aeronContext(server.aeronDir()));
        return connected(aeron, () -> new EchoPath(null, null, aeron, WireProtocol.ipcChannel(),
                WireProtocol.ipcRequestChannel(ThreadLocalRandom.current().nextInt()), requestLength, replyLength));
    }

    /** A way over UDP, through a media driver of its own. */
    public static EchoPath overUdp(EchoServer server, int requestLength, long replyLength) {
        Path folder = driverFolder();
        MediaDriver driver = MediaDriver.launch(new MediaDriver.Context().aeronDirectoryName(folder.toString())
                .threadingMode(ThreadingMode.INVOKER).dirDeleteOnStart(true).dirDeleteOnShutdown(true)
                .warnIfDirectoryExists(false).termBufferSparseFile(true)
                .publicationConnectionTimeoutNs(LIVENESS_TIMEOUT_NS).imageLivenessTimeoutNs(LIVENESS_TIMEOUT_NS));
        Aeron aeron = Aeron.connect(aeronContext(folder.toString()).driverAgentInvoker(driver.sharedAgentInvoker()));
        AutoCloseable both = () -> {
            CloseHelper.quietCloseAll(aeron, driver);
            IoUtil.delete(folder.toFile(), true);
        };
        return connected(both, () -> new EchoPath(driver, folder, aeron,
                WireProtocol.udpChannel(server.replyEndpoint()),
                WireProtocol.udpRequestChannel(server.requestEndpoint(), ThreadLocalRandom.current().nextInt()),
                requestLength, replyLength));
    }

    private static Path driverFolder() {
        Path memory = Path.of("/dev/shm");
        try {
            return Files.isWritable(memory)
                    ? Files.createTempDirectory(memory, "tiercel-bench-")
                    : Files.createTempDirectory("tiercel-bench-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Aeron.Context aeronContext(String aeronDir) {
        return new Aeron.Context().aeronDirectoryName(aeronDir).useConductorAgentInvoker(true)
                .driverTimeoutMs(DRIVER_TIMEOUT_MS);
    }

    private static EchoPath connected(AutoCloseable parts, java.util.function.Supplier<EchoPath> opening) {
        try {
            EchoPath opened = opening.get();
            opened.awaitConnection();
            return opened;
        } catch (RuntimeException e) {
            CloseHelper.quietClose(parts);
            throw e;
        }
    }

    private void awaitConnection() {
        long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (!(requests.isConnected() && replies.isConnected())) {
            requireTime(System.nanoTime(), deadlineNs);
            invokeDriver();
            conductor.invoke();
            LockSupport.parkNanos(MAX_PARK_NS);
        }
    }

    @Override
    public boolean read() {
        long id = ++correlationId;
        long startNs = System.nanoTime();
        long deadlineNs = startNs + TIMEOUT_NS;
        answeredLength = 0;
        request.putLong(EchoMessages.ID_OFFSET, id);
        while (requests.offer(request, 0, request.capacity()) < 0) {
            poll(System.nanoTime(), deadlineNs);
        }
        long waitingSinceNs = startNs;
        long nowNs = System.nanoTime();
        while (answeredLength < replyLength) {
            if (poll(nowNs, deadlineNs) > 0) {
                waitingSinceNs = nowNs;
            } else {
                pause(nowNs - waitingSinceNs);
            }
            nowNs = System.nanoTime();
        }
        return answeredId == id && answeredLength == replyLength;
    }

    private int poll(long nowNs, long deadlineNs) {
        requireTime(nowNs, deadlineNs);
        int work = invokeDriver();
        if (nowNs - conductorDueNs >= 0) {
            conductorDueNs = nowNs + CONDUCTOR_INTERVAL_NS;
            conductor.invoke();
        }
        return work + replies.poll(onReply, FRAGMENT_LIMIT);
    }

    private int invokeDriver() {
        return driverInvoker == null ? 0 : driverInvoker.invoke();
    }

    private static void pause(long waitedNs) {
        if (waitedNs < SPIN_NS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(Math.min(MAX_PARK_NS, waitedNs >> 4));
        }
    }

    private static void requireTime(long nowNs, long deadlineNs) {
        if (nowNs - deadlineNs >= 0) {
            throw new IllegalStateException("no answer from the echo in " + TIMEOUT_NS + " ns");
        }
    }

    private void onReply(DirectBuffer buffer, int offset, int length, Header header) {
        if ((header.flags() & FrameDescriptor.BEGIN_FRAG_FLAG) == FrameDescriptor.BEGIN_FRAG_FLAG) {
            answeredId = buffer.getLong(offset);
        }
        answeredLength += length;
    }

    @Override
    public void close() {
        CloseHelper.closeAll(aeron, driver, owned);
        if (driverDir != null) {
            IoUtil.delete(driverDir.toFile(), true);
        }
    }
}
