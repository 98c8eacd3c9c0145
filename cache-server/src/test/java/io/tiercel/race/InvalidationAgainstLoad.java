package io.tiercel.race;

import io.tiercel.tier.InvalidationsFixture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * An object changes and is invalidated by prefix while it is being loaded. Version that the load brought; 0 when it was
 * dead as it came, 1 when alive, 2 when alive though the invalidation had been acknowledged before; alive at the end.
 */
@JCStressTest
@State
@Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "old, dead on arrival")
@Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "old, alive until the acknowledgement")
@Outcome(id = "2, 0, 0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "new, but begun too early: dead")
@Outcome(id = "2, 1, 0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "new, begun too early, dead a little later")
@Outcome(id = "2, [12], 1", expect = Expect.ACCEPTABLE, desc = "new, begun at the new epoch")
@Outcome(expect = Expect.FORBIDDEN, desc = "old after the acknowledgement, or dead when begun after it")
public class InvalidationAgainstLoad {
    private final RaceNode node = RaceNode.take();
    private final InvalidationsFixture invalidations = node.sweptInvalidations();
    private volatile int version = 1;
    private volatile boolean isAcknowledged;
    private long epoch;

    @Actor
    public void load(III_Result result) {
        epoch = node.control.invalidationEpochVolatile();
        int found = version;
        boolean after = isAcknowledged;
        boolean alive = !invalidations.isStale(RaceNode.KEY, epoch);
        result.r1 = found;
        result.r2 = !alive ? 0 : after ? 2 : 1;
    }

    @Actor
    public void node() {
        version = 2;
        invalidations.invalidate(RaceNode.PREFIX);
        isAcknowledged = true;
    }

    @Arbiter
    public void after(III_Result result) {
        result.r3 = invalidations.isStale(RaceNode.KEY, epoch) ? 0 : 1;
        node.free();
    }
}
