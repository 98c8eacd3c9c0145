/**
 * The adapter for a directory of the local file system ({@code file:}).
 * <p>
 * Calls block and come from any thread. Imports {@code io.tiercel.storage} and the JDK.
 */
@NullMarked
package io.tiercel.storage.local;

import org.jspecify.annotations.NullMarked;
