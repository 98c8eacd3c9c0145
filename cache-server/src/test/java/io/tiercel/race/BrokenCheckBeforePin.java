package io.tiercel.race;

import io.tiercel.mapped.FrameDescriptor;
import io.tiercel.mapped.FrameFlyweight;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** {@link LeaseAgainstReclaim} with a client that looks at generation and state before its pin is counted. */
@JCStressTest
@State
@Outcome(id = "[01], [01]", expect = Expect.ACCEPTABLE, desc = "nothing seen")
@Outcome(expect = Expect.FORBIDDEN, desc = "other bytes under a lease: must be found")
public class BrokenCheckBeforePin {
    /** Holds the gap open, so that few tries are enough on any machine. */
    private static final int SPINS = 20;

    private final RaceNode node = RaceNode.take();
    private final RaceReader reader = node.bareReader();
    private final int payloadOffset;
    private final long generation;
    private final byte value;

    public BrokenCheckBeforePin() {
        node.publishSealed();
        generation = node.segment(0).generation();
        value = node.value(0);
        payloadOffset = new FrameFlyweight().wrap(node.segment(0).buffer(), node.frameOffset()).payloadOffset();
    }

    @Actor
    public void client(II_Result result) {
        boolean isValid = node.control.generationVolatile(0) == generation && FrameFlyweight.stateVolatile(node
                .segment(0).buffer(), node.frameOffset()) == FrameDescriptor.LIVE;
        for (int spin = 0; spin < SPINS; spin++) {
            Thread.onSpinWait();
        }
        reader.file().pin(0);
        if (isValid) {
            result.r1 = node.isFilled(0, payloadOffset, value) ? RaceNode.WHOLE : RaceNode.WRONG;
        }
        reader.file().unpin(0);
    }

    @Actor
    public void node(II_Result result) {
        result.r2 = node.reclaim() ? 1 : 0;
    }

    @Arbiter
    public void after() {
        node.free();
    }
}
