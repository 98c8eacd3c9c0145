package io.tiercel.bench.node;

import io.tiercel.Key;
import io.tiercel.bench.load.Payloads;
import io.tiercel.bench.load.ReadPath;
import io.tiercel.client.Frame;
import io.tiercel.client.Mode;
import io.tiercel.client.TiercelClient;

/** Blocking gets of a client of its own, into one frame that is used again. Not threadsafe. */
public final class NodePath implements ReadPath {
    private final TiercelClient client;
    private final Payloads payloads;
    private final Key[] keys;
    private final Frame frame = new Frame();

    private NodePath(TiercelClient client, Payloads payloads, Key[] keys) {
        this.client = client;
        this.payloads = payloads;
        this.keys = keys;
    }

    /** The values are in the node; every one is read once, so that each further read of a mapped client is a repeat. */
    public static NodePath open(NodeServer node, Mode mode, Payloads payloads) {
        NodePath path = new NodePath(node.connect(mode), payloads, Filling.keys(payloads));
        for (int number = 0; number < payloads.count(); number++) {
            path.read(number);
        }
        return path;
    }

    @Override
    public boolean read() {
        return read(payloads.draw());
    }

    private boolean read(int number) {
        return Filling.isRead(client, keys[number], frame, number, payloads);
    }

    @Override
    public void close() {
        client.close();
    }
}
