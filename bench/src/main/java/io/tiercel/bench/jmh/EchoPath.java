package io.tiercel.bench.jmh;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import io.tiercel.bench.process.ChildJvm;
import io.tiercel.wire.WireProtocol;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A message to {@link EchoProcess} and back over bare Aeron IPC: no codec, no correlation table, no copy, no checksum.
 * Waits as the client library's blocking calls do: on the caller's own thread, with the Aeron client invoked by the
 * clock, spinning for 100 µs and then napping. Not threadsafe.
 */
final class EchoPath implements ReadPath {
    private static final int FRAGMENT_LIMIT = 64;
    private static final long DRIVER_TIMEOUT_MS = 5_000L;
    private static final long CONDUCTOR_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long SPIN_NS = 100_000L;
    private static final long MAX_PARK_NS = 1_000_000L;
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);

    private final ChildJvm echo;
    private final Aeron aeron;
    private final AgentInvoker conductor;
    private final Subscription replies;
    private final ExclusivePublication requests;
    private final UnsafeBuffer request;
    private final int replyLength;
    private final FragmentHandler onReply = this::onReply;
    private long conductorDueNs;
    private long correlationId;
    private long answeredId;
    private int answeredLength;

    private EchoPath(ChildJvm echo, Aeron aeron, int requestLength, int replyLength) {
        this.echo = echo;
        this.aeron = aeron;
        this.conductor = aeron.conductorAgentInvoker();
        this.request = new UnsafeBuffer(new byte[requestLength]);
        this.replyLength = replyLength;
        this.replies = aeron.addSubscription(WireProtocol.ipcChannel(), EchoProcess.REPLY_STREAM_ID);
        this.requests = aeron.addExclusivePublication(
                WireProtocol.ipcRequestChannel(ThreadLocalRandom.current().nextInt()), EchoProcess.REQUEST_STREAM_ID);
        this.conductorDueNs = System.nanoTime();
    }

    /**
     * Starts the other process and connects to it.
     *
     * @param requestLength bytes of a request, from 8 to what one message takes.
     * @param replyLength bytes of a reply, likewise.
     */
    static EchoPath open(int requestLength, int replyLength) {
        ChildJvm echo = ChildJvm.start(EchoProcess.class, Integer.toString(replyLength));
        Aeron aeron = null;
        try {
            aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(EchoProcess.aeronDir(echo.folders()))
                    .useConductorAgentInvoker(true).driverTimeoutMs(DRIVER_TIMEOUT_MS));
            EchoPath opened = new EchoPath(echo, aeron, requestLength, replyLength);
            opened.requireOneMessage(Math.max(requestLength, replyLength));
            opened.awaitConnection();
            return opened;
        } catch (RuntimeException e) {
            CloseHelper.quietCloseAll(aeron, echo);
            throw e;
        }
    }

    private void requireOneMessage(int length) {
        if (length > requests.maxPayloadLength()) {
            throw new IllegalArgumentException("length=" + length + " expected at most " + requests.maxPayloadLength()
                    + ": a node sends more in several messages, which an echo of one does not compare with");
        }
    }

    private void awaitConnection() {
        long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        while (!(requests.isConnected() && replies.isConnected())) {
            requireTime(System.nanoTime(), deadlineNs);
            conductor.invoke();
            LockSupport.parkNanos(MAX_PARK_NS);
        }
    }

    @Override
    public boolean read() {
        long id = ++correlationId;
        long startNs = System.nanoTime();
        long deadlineNs = startNs + TIMEOUT_NS;
        request.putLong(0, id);
        while (requests.offer(request, 0, request.capacity()) < 0) {
            requireTime(System.nanoTime(), deadlineNs);
            Thread.onSpinWait();
        }
        long nowNs = System.nanoTime();
        while (poll(nowNs, deadlineNs) == 0) {
            pause(nowNs - startNs);
            nowNs = System.nanoTime();
        }
        return answeredId == id && answeredLength == replyLength;
    }

    private int poll(long nowNs, long deadlineNs) {
        requireTime(nowNs, deadlineNs);
        if (nowNs - conductorDueNs >= 0) {
            conductorDueNs = nowNs + CONDUCTOR_INTERVAL_NS;
            conductor.invoke();
        }
        return replies.poll(onReply, FRAGMENT_LIMIT);
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
        answeredId = buffer.getLong(offset);
        answeredLength = length;
    }

    @Override
    public void close() {
        CloseHelper.closeAll(aeron, echo);
    }
}
