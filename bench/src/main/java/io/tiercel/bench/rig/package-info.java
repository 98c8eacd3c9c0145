/**
 * Rigs: client and server in processes of their own, side by side with peers, in one run. Rows come as they are measured.
 * <p>
 * One thread but for what a rig starts. Start reading at {@link io.tiercel.bench.rig.Rig}, then
 * {@link io.tiercel.bench.rig.LatencyRig}. May import everything; nothing imports it but the command line.
 */
@NullMarked
package io.tiercel.bench.rig;

import org.jspecify.annotations.NullMarked;
