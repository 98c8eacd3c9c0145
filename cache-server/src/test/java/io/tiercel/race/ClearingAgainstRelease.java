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

/**
 * A client's session ends and the node clears it, reclaims what it read and has the next client pin, while a thread of
 * the first still takes and releases. Read; reclaimed; 1 when the next client's pin counts and nothing else does.
 */
@JCStressTest
@State
@Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "the lease outlived the session")
@Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "the pin was seen, but came too late to read")
@Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "the lease was over before")
@Outcome(id = "0, 1, 1", expect = Expect.ACCEPTABLE, desc = "the session was over before")
@Outcome(expect = Expect.FORBIDDEN, desc = "other bytes under a lease, a pin lost or a pin left over")
public class ClearingAgainstRelease {
    private final RaceNode node = RaceNode.take();
    private final Frame frame = new Frame();
    private final RaceReader leaving;
    private final RegionFixture client;
    private final byte value;
    private RaceReader next;

    public ClearingAgainstRelease() {
        node.publishSealed();
        value = node.value(0);
        leaving = RaceReader.attached(node);
        next = leaving;
        client = leaving.region();
        node.inform(client);
    }

    @Actor
    public void thread(III_Result result) {
        result.r1 = RaceNode.read(client, frame, value);
    }

    @Actor
    public void node(III_Result result) {
        client.retire();
        node.readers.release(leaving.number());
        result.r2 = node.reclaim() ? 1 : 0;
        next = RaceReader.attached(node);
        next.file().pin(0);
    }

    @Arbiter
    public void after(III_Result result) {
        node.readers.checkNext();
        node.readers.checkNext();
        boolean isCounted = next.file().pinsVolatile(0) == 1L && node.readers.isPinned(0);
        next.file().unpin(0);
        result.r3 = isCounted && !node.readers.isPinned(0) ? 1 : 0;
        leaving.unmap();
        next.leave();
        node.free();
    }
}
