package io.tiercel.node;

import io.tiercel.egress.Egress;
import io.tiercel.ingress.Ingress;
import io.tiercel.mapped.ControlFile;
import io.tiercel.shard.Duty;
import io.tiercel.shard.Shard;

/**
 * The way to a stop: refuse what is new, see what is under way end. The two flags cross threads; all else is for the
 * shard thread.
 */
final class Drain implements Duty {
    private final Shard shard;
    private final Egress egress;
    private final Ingress ingress;
    private final ControlFile control;
    private volatile boolean isBegun;
    private volatile boolean isDone;

    Drain(Shard shard, Egress egress, Ingress ingress, ControlFile control) {
        this.shard = shard;
        this.egress = egress;
        this.ingress = ingress;
        this.control = control;
    }

    /** Asks the shard to begin. Any thread. */
    void begin() {
        isBegun = true;
    }

    /** Whether nothing was under way when last looked. Any thread. */
    boolean isDone() {
        return isDone;
    }

    @Override
    public int doWork(long nowNs) {
        if (isBegun && !isDone) {
            ingress.drain();
            isDone = shard.loadCounts().active() == 0 && ingress.isDrained() && egress.isDrained();
        }
        return 0;
    }

    /** Nobody shall look for the node from here on, whatever ended it. */
    @Override
    public void onClose() {
        control.incarnationVolatile(0L);
        isDone = true;
    }
}
