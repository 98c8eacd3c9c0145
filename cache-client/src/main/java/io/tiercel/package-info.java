/**
 * What every part of Tiercel names alike: keys, error codes and the exception that carries them.
 * <p>
 * Values here are immutable and may be used from any thread. Nothing outside the JDK and JSpecify is imported.
 */
@NullMarked
package io.tiercel;

import org.jspecify.annotations.NullMarked;
