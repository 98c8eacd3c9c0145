/**
 * Loads and what they come to: reads in a closed loop or at a fixed rate, values to read, figures. One thread a load.
 * <p>
 * Start reading at {@link io.tiercel.bench.load.Loads}. Imports nothing of ours.
 */
@NullMarked
package io.tiercel.bench.load;

import org.jspecify.annotations.NullMarked;
