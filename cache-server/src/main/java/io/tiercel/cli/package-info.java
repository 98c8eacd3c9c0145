/**
 * The command line: one class a command, each a thin caller of the client library or of the node.
 * <p>
 * Runs on the main thread alone. Start reading at {@code TiercelCommand}. May import everything; nothing imports it.
 */
@NullMarked
package io.tiercel.cli;

import org.jspecify.annotations.NullMarked;
