/**
 * What a node asks of a backend: paths, errors, capabilities, the adapter interface, and the in-memory adapter.
 * <p>
 * Calls may block and come from any thread. Nothing of the node is imported.
 */
@NullMarked
package io.tiercel.storage;

import org.jspecify.annotations.NullMarked;
