package io.tiercel.bench.node;

import io.tiercel.Key;
import io.tiercel.bench.load.Payloads;
import io.tiercel.bench.load.ReadPath;
import io.tiercel.client.Frame;
import io.tiercel.client.Mode;
import io.tiercel.client.TiercelClient;
import java.nio.ByteOrder;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Gets of one client with many under way, whose replies the caller's own thread polls for. Not threadsafe. */
public final class PipelinedNodePath implements ReadPath {
    private final TiercelClient client;
    private final Payloads payloads;
    private final Key[] keys;
    private final int[] asked;
    private final CompletableFuture<@Nullable Frame>[] pending;

    @SuppressWarnings({"unchecked", "rawtypes"}) // no array of a parameterised type can be made otherwise
    private PipelinedNodePath(TiercelClient client, Payloads payloads, int window) {
        this.client = client;
        this.payloads = payloads;
        this.keys = Filling.keys(payloads);
        this.asked = new int[window];
        this.pending = new CompletableFuture[window];
    }

    /**
     * A client of its own; the values are in the node.
     *
     * @param window gets under way at a time.
     */
    public static PipelinedNodePath open(NodeServer node, Mode mode, Payloads payloads, int window) {
        return new PipelinedNodePath(node.connect(mode, new TiercelClient.Context().polled(true)), payloads, window);
    }

    @Override
    public int valuesPerRead() {
        return pending.length;
    }

    @Override
    public boolean read() {
        for (int i = 0; i < pending.length; i++) {
            asked[i] = payloads.draw();
            pending[i] = client.getAsync(keys[asked[i]]);
        }
        boolean isThere = true;
        for (int i = 0; i < pending.length; i++) {
            while (!pending[i].isDone()) {
                if (client.poll() == 0) {
                    Thread.onSpinWait();
                }
            }
            isThere &= isRead(pending[i].join(), asked[i]);
        }
        return isThere;
    }

    private boolean isRead(@Nullable Frame read, int number) {
        if (read == null) {
            return false;
        }
        try (read) {
            payloads.requireRight(number, read.buffer().getLong(0, ByteOrder.LITTLE_ENDIAN), read.length());
        }
        return true;
    }

    @Override
    public void close() {
        client.close();
    }
}
