package io.tiercel.bench.echo;

import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.aeron.logbuffer.Header;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Answers every request with a reply of the length that it asks for, which begins with the request's first 8 bytes, and
 * does nothing else: what is left of a node when only Aeron remains. A reply goes in messages as long as the node's. Media
 * driver and Aeron client are invoked on the same thread by the clock, the driver at every turn while UDP is busy, at the
 * intervals of the node's own driver duty (profile compact): a change there is a change here. Single writer: the thread
 * that runs it.
 */
final class EchoAgent implements Agent {
    private static final int FRAGMENT_LIMIT = 16;
    private static final long DRIVER_INTERVAL_NS = 20_000L;
    private static final long CONDUCTOR_INTERVAL_NS = 1_000_000L;
    private static final long UDP_BUSY_NS = 1_000_000L;

    private final Lane ipc;
    private final Lane udp;
    private final AgentInvoker driver;
    private final AgentInvoker conductor;
    private long nextDriverNs;
    private long nextConductorNs;
    private long busyUntilNs;

    EchoAgent(Lane ipc, Lane udp, AgentInvoker driver, AgentInvoker conductor) {
        this.ipc = ipc;
        this.udp = udp;
        this.driver = driver;
        this.conductor = conductor;
        this.nextDriverNs = System.nanoTime();
        this.nextConductorNs = nextDriverNs;
        this.busyUntilNs = nextDriverNs;
    }

    @Override
    public int doWork() {
        long nowNs = System.nanoTime();
        int work = ipc.doWork() + udp.doWork();
        if (nowNs - nextDriverNs >= 0 || nowNs - busyUntilNs < 0) {
            nextDriverNs = nowNs + DRIVER_INTERVAL_NS;
            int driverWork = driver.invoke();
            if (driverWork > 0 && udp.isUsed()) {
                busyUntilNs = nowNs + UDP_BUSY_NS;
            }
            work += driverWork;
        }
        if (nowNs - nextConductorNs >= 0) {
            nextConductorNs = nowNs + CONDUCTOR_INTERVAL_NS;
            work += conductor.invoke();
        }
        return work;
    }

    @Override
    public String roleName() {
        return "echo";
    }

    /** Requests and replies of one medium; one reply at a time. Single writer: the agent. */
    static final class Lane {
        private final Subscription requests;
        private final ExclusivePublication replies;
        private final int chunkLength;
        private final UnsafeBuffer reply;
        private final ControlledFragmentHandler onRequest = this::onRequest;
        private long left;

        /** @param chunkLength most bytes of a message. */
        Lane(Subscription requests, ExclusivePublication replies, int chunkLength) {
            this.requests = requests;
            this.replies = replies;
            this.chunkLength = chunkLength;
            this.reply = new UnsafeBuffer(new byte[chunkLength]);
        }

        boolean isUsed() {
            return !requests.hasNoImages();
        }

        int doWork() {
            int work = left > 0 ? 0 : requests.controlledPoll(onRequest, FRAGMENT_LIMIT);
            return work + send();
        }

        private Action onRequest(DirectBuffer buffer, int offset, int length, Header header) {
            reply.putLong(EchoMessages.ID_OFFSET, buffer.getLong(offset + EchoMessages.ID_OFFSET));
            left = buffer.getLong(offset + EchoMessages.REPLY_LENGTH_OFFSET);
            return Action.BREAK;
        }

        /** What is not taken now goes at a later turn. */
        private int send() {
            int work = 0;
            while (left > 0) {
                int length = (int) Math.min(left, chunkLength);
                if (replies.offer(reply, 0, length) < 0) {
                    return work;
                }
                left -= length;
                work++;
            }
            return work;
        }
    }
}
