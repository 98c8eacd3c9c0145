package io.tiercel.race;

import io.tiercel.Key;
import io.tiercel.client.Frame;
import io.tiercel.client.RegionFixture;
import io.tiercel.tier.InvalidationsFixture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A client repeats a read while another prefix is invalidated, by which it learns of a new epoch, and then one of its key.
 * Acknowledged before the read; read; read again when all is over.
 */
@JCStressTest
@State
@Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "read before the acknowledgement")
@Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE_INTERESTING, desc = "refused before the acknowledgement")
@Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "refused after it")
@Outcome(expect = Expect.FORBIDDEN, desc = "read after the acknowledgement")
public class OtherInvalidationAgainstLease {
    private static final Key OTHER = Key.of("other");

    private final RaceNode node = RaceNode.take();
    private final InvalidationsFixture invalidations = node.sweptInvalidations();
    private final Frame frame = new Frame();
    private final RegionFixture client;
    private final byte value;
    private volatile boolean isAcknowledged;

    public OtherInvalidationAgainstLease() {
        node.publishSealed();
        value = node.value(0);
        client = node.informedClient();
    }

    @Actor
    public void client(III_Result result) {
        result.r1 = isAcknowledged ? 1 : 0;
        result.r2 = RaceNode.read(client, frame, value);
    }

    @Actor
    public void node() {
        invalidations.invalidate(OTHER);
        invalidations.invalidate(RaceNode.PREFIX);
        isAcknowledged = true;
    }

    @Arbiter
    public void after(III_Result result) {
        result.r3 = RaceNode.read(client, frame, value);
        node.free();
    }
}
