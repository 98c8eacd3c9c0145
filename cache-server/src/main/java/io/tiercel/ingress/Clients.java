package io.tiercel.ingress;

import io.aeron.Image;
import io.tiercel.ErrorCode;
import io.tiercel.shard.NodeStatus;
import io.tiercel.shard.Shard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clients of a node by their image. Single writer: shard agent. */
public final class Clients {
    private static final Logger LOG = LoggerFactory.getLogger(Clients.class);

    private final Shard shard;
    private final int maxClients;
    private final long keepAliveNs;
    private final Map<Image, Client> byImage = new HashMap<>();
    private @Nullable Client latest;
    private long lastNumber;
    private long refused;
    private long unmapped;

    public Clients(Shard shard, int maxClients, int keepAliveMs) {
        this.shard = shard;
        this.maxClients = maxClients;
        this.keepAliveNs = TimeUnit.MILLISECONDS.toNanos(keepAliveMs);
    }

    /** The client of an image, or null before its Hello. */
    @Nullable
    Client of(Image image) {
        Client hot = latest;
        if (hot != null && hot.image == image) {
            return hot;
        }
        Client client = byImage.get(image);
        latest = client;
        return client;
    }

    boolean isFull() {
        return byImage.size() >= maxClients;
    }

    /** Notes a client that found the node full. */
    void noteRefused() {
        refused++;
    }

    /** Notes a client that asked to map and is streamed to. */
    void noteUnmapped() {
        unmapped++;
    }

    /** Clients that found the node full, since the start. */
    public long refused() {
        return refused;
    }

    /** Clients that asked to map and were streamed to, since the start. */
    public long unmapped() {
        return unmapped;
    }

    long nextNumber() {
        return ++lastNumber;
    }

    void add(Client client) {
        byImage.put(client.image, client);
        LOG.info("client {} ({}) connected: clients={}", client.number, client.session.clientName(), byImage.size());
    }

    void drop(Image image, ErrorCode code, String reason) {
        Client client = byImage.remove(image);
        latest = null;
        if (client != null) {
            client.abandon(shard);
            client.session.close(code, reason);
            LOG.info("client {} ({}) dropped: {}", client.number, client.session.clientName(), client.session
                    .closeReason());
        }
    }

    int dropSilent(long nowNs) {
        List<Image> gone = new ArrayList<>();
        List<Image> revoked = new ArrayList<>();
        byImage.forEach((image, client) -> {
            if (client.session.isClosed() || nowNs - client.lastHeardNs > keepAliveNs) {
                gone.add(image);
            } else if (client.readerNumber != Client.NO_READER && shard.isReaderRevoked(client.readerNumber)) {
                revoked.add(image);
            }
        });
        revoked.forEach(image -> drop(image, ErrorCode.FORBIDDEN, "client pinned more than clients.pinQuota"));
        gone.forEach(image -> drop(image, ErrorCode.TIMEOUT, "client fell silent"));
        return gone.size() + revoked.size();
    }

    /** Does something with each client; answers the sum. */
    int sum(ToIntFunction<Client> work) {
        return byImage.values().stream().mapToInt(work).sum();
    }

    void dropAll(ErrorCode code, String reason) {
        List.copyOf(byImage.keySet()).forEach(image -> drop(image, code, reason));
    }

    boolean hasNoPuts() {
        return byImage.values().stream().allMatch(client -> client.puts.isEmpty());
    }

    /** The clients as status shows them. */
    public List<NodeStatus.Client> status() {
        List<NodeStatus.Client> rows = new ArrayList<>();
        for (Client client : byImage.values()) {
            long pinnedBytes = client.readerNumber == Client.NO_READER
                    ? 0L
                    : shard.readerPinnedBytes(client.readerNumber);
            rows.add(new NodeStatus.Client(client.number, client.session.mode(), pinnedBytes,
                    client.session.pending()));
        }
        return rows;
    }
}
