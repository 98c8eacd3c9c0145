/**
 * A node under mixed load and faults, and the checker of the one promise: a read returns the exact bytes of a committed
 * version, at or after the last acknowledged write or invalidation that covers it; or a miss; or a typed error.
 * <p>
 * Start reading at {@link io.tiercel.bench.soak.SoakRun}; {@link io.tiercel.bench.soak.SoakKey} says what a read may
 * return. Workers are threads of this process, node and lease holders processes of their own. Imports the client, and
 * of the node its main class alone.
 */
@NullMarked
package io.tiercel.bench.soak;

import org.jspecify.annotations.NullMarked;
