package io.tiercel.ingress;

import io.aeron.FragmentAssembler;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.logbuffer.Header;
import io.tiercel.ErrorCode;
import io.tiercel.shard.Duty;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.agrona.DirectBuffer;

/** Polls the requests of all clients and drops those that fell silent. Single writer: shard agent. */
public final class Ingress implements Duty {
    private static final int FRAGMENT_LIMIT = 16;

    /**
     * Polls of one turn that may find nothing. A few of them take as long as all else in a turn, for which a request would
     * wait; with so many it seldom does. Over UDP nothing arrives without the driver's turn.
     */
    private static final int IDLE_POLLS = 32;
    private static final long SILENCE_CHECK_INTERVAL_NS = 100_000_000L;

    private final Clients clients;
    private final RequestAdapter adapter;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final List<FragmentAssembler> assemblers = new ArrayList<>();
    private final Queue<Image> gone = new ArrayDeque<>();
    private long nowNs;
    private long nextSilenceCheckNs;

    public Ingress(Clients clients, RequestAdapter adapter) {
        this.clients = clients;
        this.adapter = adapter;
    }

    /** Takes requests from a further subscription; before the first {@link #doWork}. */
    public void add(Subscription subscription) {
        subscriptions.add(subscription);
        assemblers.add(new FragmentAssembler(this::onFragment));
    }

    /** Refuses new requests from now on; those that were begun go on. */
    public void drain() {
        adapter.drain();
    }

    /** Whether no client has a put under way. */
    public boolean isDrained() {
        return clients.hasNoPuts();
    }

    /** Must be told of every image that ends, on the shard thread; acts at the next turn, since it is a callback. */
    public void onUnavailableImage(Image image) {
        gone.add(image);
    }

    @Override
    public int doWork(long now) {
        nowNs = now;
        int work = poll();
        for (int i = 1; work == 0 && i < IDLE_POLLS; i++) {
            work = poll();
        }
        for (Image image = gone.poll(); image != null; image = gone.poll()) {
            onGone(image);
            work++;
        }
        if (now - nextSilenceCheckNs >= 0) {
            nextSilenceCheckNs = now + SILENCE_CHECK_INTERVAL_NS;
            work += clients.dropSilent(now) + adapter.refuseLostPuts();
        }
        return work;
    }

    private int poll() {
        int work = 0;
        for (int i = 0, size = subscriptions.size(); i < size; i++) {
            work += subscriptions.get(i).poll(assemblers.get(i), FRAGMENT_LIMIT);
        }
        return work;
    }

    private void onGone(Image image) {
        assemblers.forEach(assembler -> assembler.freeSessionBuffer(image.sessionId()));
        clients.drop(image, ErrorCode.NODE_UNAVAILABLE, "client disconnected");
    }

    private void onFragment(DirectBuffer buffer, int offset, int length, Header header) {
        Image image = (Image) header.context();
        try {
            adapter.onMessage(image, buffer, offset, length, nowNs);
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            clients.drop(image, ErrorCode.INVALID_ARGUMENT, "message cannot be decoded: " + e.getMessage());
        }
    }

    @Override
    public void onClose() {
        clients.dropAll(ErrorCode.NODE_UNAVAILABLE, "node is stopping");
    }
}
