package io.tiercel.race;

import io.tiercel.client.Frame;
import io.tiercel.client.RegionFixture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** {@link OtherInvalidationAgainstLease} with a node that raises the epoch before the filter's entry. */
@JCStressTest
@State
@Outcome(id = "[01], 0", expect = Expect.ACCEPTABLE, desc = "refused after the acknowledgement")
@Outcome(expect = Expect.FORBIDDEN, desc = "read after the acknowledgement: must be found")
public class BrokenEpochBeforeFilter {
    /** Holds the gap open, so that few tries are enough on any machine. */
    private static final int SPINS = 20;

    private final RaceNode node = RaceNode.take();
    private final Frame frame = new Frame();
    private final RegionFixture client;
    private final byte value;

    public BrokenEpochBeforeFilter() {
        node.publishSealed();
        value = node.value(0);
        client = node.informedClient();
    }

    @Actor
    public void client(II_Result result) {
        result.r1 = RaceNode.read(client, frame, value);
    }

    @Actor
    public void node() {
        long epoch = node.control.invalidationEpochVolatile() + 1;
        node.control.invalidationEpochVolatile(epoch);
        for (int spin = 0; spin < SPINS; spin++) {
            Thread.onSpinWait();
        }
        node.control.filterInvalidation(RaceNode.PREFIX.buffer(), 0, RaceNode.PREFIX.length(), epoch);
    }

    @Arbiter
    public void after(II_Result result) {
        result.r2 = RaceNode.read(client, frame, value);
        node.free();
    }
}
