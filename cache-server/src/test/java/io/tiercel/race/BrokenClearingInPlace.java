package io.tiercel.race;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link ClearingAgainstRelease} with a node that zeroes a dead reader's pins and hands the same file on. */
@JCStressTest
@State
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "the next client's pin counts")
@Outcome(expect = Expect.FORBIDDEN, desc = "a late release took the next client's pin: must be found")
public class BrokenClearingInPlace {
    /** So many late ones that few tries are enough on any machine. */
    private static final int LEASES = 10;

    private final RaceNode node = RaceNode.take();
    private final RaceReader reader = node.bareReader();

    @Actor
    public void thread() {
        for (int lease = 0; lease < LEASES; lease++) {
            reader.file().pin(0);
            reader.file().unpin(0);
        }
    }

    @Actor
    public void node() {
        while (reader.file().pinsVolatile(0) > 0L) {
            reader.file().unpin(0);
        }
        reader.file().pin(0);
    }

    @Arbiter
    public void after(I_Result result) {
        result.r1 = node.readers.isPinned(0) ? 1 : 0;
        while (reader.file().pinsVolatile(0) > 0L) {
            reader.file().unpin(0);
        }
        node.free();
    }
}
