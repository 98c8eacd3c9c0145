package io.tiercel.bench.rig;

import java.util.List;

/** All rigs, in the order in which they run. Stateless. */
final class Rigs {
    private Rigs() {}

    /**
     * @param isLong whether what takes more than the 40 minutes is wanted.
     * @param frames counts for the rig of that name, in the place of its own; none where they are to be its own.
     */
    static List<Rig> all(boolean isQuick, boolean isLong, int... frames) {
        return List.of(LatencyRig.ofAll(isQuick), new ThroughputRig(isQuick), FirstValueRig.of(isQuick), InterferenceRig
                .of(isQuick),
                FramesRig.of(isQuick, isLong, frames));
    }
}
