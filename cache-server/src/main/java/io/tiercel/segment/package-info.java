/**
 * Segment files and what their memory's safety hangs on: reserved space, generations, pins of readers.
 *
 * <p>Single writer: the shard agent; {@link io.tiercel.segment.SegmentPreparer} makes files on a thread of its own and
 * hands them over. Start with {@link io.tiercel.segment.SegmentTable}; {@code docs/file-format.md} has the crash
 * rules. Alone in the server, with {@code io.tiercel.mapped}, to touch raw memory. Imports nothing of the server.
 */
@NullMarked
package io.tiercel.segment;

import org.jspecify.annotations.NullMarked;
