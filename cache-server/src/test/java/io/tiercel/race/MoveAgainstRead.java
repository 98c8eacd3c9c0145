package io.tiercel.race;

import io.tiercel.segment.FrameMove;
import io.tiercel.segment.Segment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The node moves a frame to another segment, a client looks at the frame and then at its copy. */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "not moved yet")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "seen in both places")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "moved")
@Outcome(expect = Expect.FORBIDDEN, desc = "in neither place, or not whole")
public class MoveAgainstRead {
    private final RaceNode node = RaceNode.take();
    private final FrameMove move = new FrameMove();
    private final byte value;
    private final int from;
    private final int to;

    public MoveAgainstRead() {
        node.publishSealed();
        value = node.value(0);
        from = node.frameOffset();
        Segment target = node.emptied(1);
        move.begin(node.segment(0), from, target);
        to = move.copy().offset();
    }

    @Actor
    public void node() {
        while (!move.isCopied()) {
            move.copy(100);
        }
        move.publish();
    }

    @Actor
    public void client(II_Result result) {
        result.r1 = node.look(0, from, value);
        result.r2 = node.look(1, to, value);
    }

    @Arbiter
    public void after() {
        node.free();
    }
}
