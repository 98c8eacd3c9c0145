package io.tiercel.cli.demo;

import io.tiercel.Key;
import io.tiercel.cli.demo.CallTimer.Call;
import io.tiercel.cli.demo.Finding.Check;
import io.tiercel.client.Frame;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Times repeat reads of 4 KiB on every way to the node. */
final class LatencyStage implements Stage {
    static final Key KEY = Key.of("cache/latency/4KiB");
    static final int LENGTH = 4096;

    @Override
    public void run(Target target, Consumer<Finding> findings) throws Exception {
        try (TiercelClient mapped = target.mapped()) {
            put(mapped);
            Call hit = hit(mapped);
            findings.accept(CallTimer.time("mapped", LENGTH, 200_000, hit));
            long perHit = ThreadAllocation.perCall(10_000, hit);
            findings.accept(new Check("a mapped repeat read allocates nothing", perHit == 0, perHit + " bytes a read"));
        }
        try (TiercelClient ipc = target.ipc()) {
            findings.accept(CallTimer.time("streamed over IPC", LENGTH, 10_000, hit(ipc)));
        }
        try (TiercelClient udp = target.udpStreamed()) {
            findings.accept(CallTimer.time("streamed over UDP", LENGTH, 5_000, hit(udp)));
        }
        try (HttpReader http = target.overHttp()) {
            findings.accept(CallTimer.time("HTTP", LENGTH, 2_000, () -> http.read(KEY)));
        }
    }

    static void put(TiercelClient client) {
        client.put(KEY, ByteBuffer.allocateDirect(LENGTH), PutOptions.DEFAULTS);
    }

    /** A repeat read into the same frame. */
    static Call hit(TiercelClient client) {
        return hit(client, KEY);
    }

    static Call hit(TiercelClient client, Key key) {
        Frame frame = new Frame();
        return () -> {
            if (!client.get(key, frame)) {
                throw new IllegalStateException("gone: key=" + key);
            }
            frame.close();
        };
    }
}
