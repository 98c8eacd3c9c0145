package io.tiercel.bench.jmh;

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
 * Answers every request with a reply of fixed length that begins with the request's first 8 bytes, and does nothing
 * else: what is left of a node when only Aeron remains. Media driver and Aeron client are invoked on the same thread by
 * the clock, at the intervals of the node's own driver duty (profile compact): a change there is a change here. Single
 * writer: the thread that runs it.
 */
final class EchoAgent implements Agent {
    private static final int FRAGMENT_LIMIT = 16;
    private static final long DRIVER_INTERVAL_NS = 20_000L;
    private static final long CONDUCTOR_INTERVAL_NS = 1_000_000L;

    private final Subscription requests;
    private final ExclusivePublication replies;
    private final AgentInvoker driver;
    private final AgentInvoker conductor;
    private final UnsafeBuffer reply;
    private final ControlledFragmentHandler onRequest = this::onRequest;
    private long nextDriverNs;
    private long nextConductorNs;

    EchoAgent(Subscription requests, ExclusivePublication replies, AgentInvoker driver, AgentInvoker conductor,
            int replyLength) {
        this.requests = requests;
        this.replies = replies;
        this.driver = driver;
        this.conductor = conductor;
        this.reply = new UnsafeBuffer(new byte[replyLength]);
        this.nextDriverNs = System.nanoTime();
        this.nextConductorNs = nextDriverNs;
    }

    @Override
    public int doWork() {
        long nowNs = System.nanoTime();
        int work = requests.controlledPoll(onRequest, FRAGMENT_LIMIT);
        if (nowNs - nextDriverNs >= 0) {
            nextDriverNs = nowNs + DRIVER_INTERVAL_NS;
            work += driver.invoke();
        }
        if (nowNs - nextConductorNs >= 0) {
            nextConductorNs = nowNs + CONDUCTOR_INTERVAL_NS;
            work += conductor.invoke();
        }
        return work;
    }

    /** A request whose reply is not taken now comes again at the next turn. */
    private Action onRequest(DirectBuffer buffer, int offset, int length, Header header) {
        reply.putLong(0, buffer.getLong(offset));
        return replies.offer(reply, 0, reply.capacity()) > 0 ? Action.COMMIT : Action.ABORT;
    }

    @Override
    public String roleName() {
        return "echo";
    }
}
