package io.tiercel.bench.rig;

import java.util.List;

/** All rigs, in the order in which they run. Stateless. */
final class Rigs {
    private Rigs() {}

    static List<Rig> all(boolean isQuick) {
        return List.of(LatencyRig.ofAll(isQuick), new ThroughputRig(isQuick));
    }
}
