/**
 * One node: its settings, where they come from, and the wiring of its parts.
 * <p>
 * Settings are immutable and threadsafe; loading them runs on the caller's thread and opens nothing but the file it is
 * given. Start reading at {@code Setting}, which lists every setting, then {@code NodeConfiguration}. The settings
 * import {@code io.tiercel} alone, so that a command can read them without loading the server; the wiring imports
 * everything below it. Only the command line imports this package.
 */
@NullMarked
package io.tiercel.node;

import org.jspecify.annotations.NullMarked;
