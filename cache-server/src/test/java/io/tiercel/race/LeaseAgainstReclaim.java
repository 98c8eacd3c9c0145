package io.tiercel.race;

import io.tiercel.client.Frame;
import io.tiercel.client.RegionFixture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A client repeats a read, takes and releases, while the node reclaims the segment. Read; reclaimed; pinned after. */
@JCStressTest
@State
@Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "a lease was held, its memory was left alone")
@Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "the pin was seen, but came too late to read")
@Outcome(id = "1, 1, 0", expect = Expect.ACCEPTABLE, desc = "the lease was over before")
@Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "the memory was reclaimed before")
@Outcome(expect = Expect.FORBIDDEN, desc = "other bytes under a lease, or a pin left over")
public class LeaseAgainstReclaim {
    private final RaceNode node = RaceNode.take();
    private final Frame frame = new Frame();
    private final RegionFixture client;
    private final byte value;

    public LeaseAgainstReclaim() {
        node.publishSealed();
        value = node.value(0);
        client = node.informedClient();
    }

    @Actor
    public void client(III_Result result) {
        result.r1 = RaceNode.read(client, frame, value);
    }

    @Actor
    public void node(III_Result result) {
        result.r2 = node.reclaim() ? 1 : 0;
    }

    @Arbiter
    public void after(III_Result result) {
        result.r3 = node.table.isPinned(node.segment(0)) ? 1 : 0;
        node.free();
    }
}
