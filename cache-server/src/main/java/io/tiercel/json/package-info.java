/**
 * Writing JSON: one class, for status, problems and the command line. Reading it is nobody's need here.
 * <p>
 * Not threadsafe, no state beyond the text under way. Imports nothing.
 */
@NullMarked
package io.tiercel.json;

import org.jspecify.annotations.NullMarked;
