package io.tiercel.bench.rig;

import java.util.ArrayList;
import java.util.List;

/** All rigs, in the order in which they run. Stateless. */
final class Rigs {
    private Rigs() {}

    /**
     * @param isLong whether what takes more than the 40 minutes is wanted.
     * @param frames counts for the rig of that name, in the place of its own; none where they are to be its own.
     */
    static List<Rig> all(boolean isQuick, boolean isLong, int... frames) {
        List<Rig> rigs = new ArrayList<>();
        rigs.add(LatencyRig.ofAll(isQuick));
        if (!isQuick) {
            rigs.add(LengthsRig.of());
        }
        rigs.add(new ThroughputRig(isQuick));
        rigs.add(FirstValueRig.of(isQuick));
        rigs.add(InterferenceRig.of(isQuick));
        rigs.add(FramesRig.of(isQuick, isLong, frames));
        return rigs;
    }
}
