/**
 * Which frames an invalidation by prefix has made dead, and the journal that outlives the process.
 *
 * <p>Single writer: the shard agent; {@link io.tiercel.invalidation.PrefixEpochs} may be asked by any thread. Start
 * there, then {@link io.tiercel.invalidation.Journal}. Imports segment for reserving space, and nothing else of the
 * server.
 */
@NullMarked
package io.tiercel.invalidation;

import org.jspecify.annotations.NullMarked;
