package io.tiercel.race;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The node writes a frame and publishes it, a client looks at it meanwhile. Seen meanwhile; seen after. */
@JCStressTest
@State
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "not there yet")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "whole at once")
@Outcome(expect = Expect.FORBIDDEN, desc = "a live frame that is not whole")
public class PublishAgainstRead {
    private final RaceNode node = RaceNode.take();
    private final byte value;

    public PublishAgainstRead() {
        node.append(0);
        value = node.value(0);
    }

    @Actor
    public void node() {
        node.publish(0);
    }

    @Actor
    public void client(II_Result result) {
        result.r1 = node.look(0, node.frameOffset(), value);
    }

    @Arbiter
    public void after(II_Result result) {
        result.r2 = node.look(0, node.frameOffset(), value);
        node.free();
    }
}
