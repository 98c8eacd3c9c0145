/**
 * What a node asks of a backend: {@link io.tiercel.storage.StorageAdapter} and its words (paths, capabilities, errors,
 * listings), and how a backend is found by the scheme of its URI.
 *
 * <p>Adapters are threadsafe and may block; what they hand out (reads, cursors) belongs to one thread at a time. It
 * imports JSpecify and the JDK, nothing of the node. Start with {@link io.tiercel.storage.StorageAdapter}; the way to
 * write another adapter is in docs/adapters.md.
 */
@NullMarked
package io.tiercel.storage;

import org.jspecify.annotations.NullMarked;
