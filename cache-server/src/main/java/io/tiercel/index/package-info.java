/**
 * Where the live frame of a key lies: 128 bits of hash to a place in a segment.
 *
 * <p>Single writer: the shard agent, which also reads. Start with {@link io.tiercel.index.FrameIndex}. The segments
 * are the truth; an index not closed cleanly is built anew from them. Imports segment for reserving space, and
 * nothing else of the server; Chronicle Map stays behind this package.
 */
@NullMarked
package io.tiercel.index;

import org.jspecify.annotations.NullMarked;
