/**
 * Layouts of the files that a node and its clients on the same host share: control, reader, segment.
 *
 * <p>Each {@code XDescriptor} is a drawing and its offsets; each {@code XFile} is the mapping of one such file. The
 * node writes control and segments, a client writes its own reader file alone, and everybody checks what it reads.
 * Start with {@link io.tiercel.mapped.FrameDescriptor}, then {@link io.tiercel.mapped.ReaderFile} for the lease
 * protocol. Any thread may enter; each method says its memory order. Imports Agrona and {@code io.tiercel} alone.
 */
@NullMarked
package io.tiercel.mapped;

import org.jspecify.annotations.NullMarked;
