/**
 * The suite that every storage adapter passes: an adapter adds a short subclass in its own tests.
 * <p>
 * Imports {@code io.tiercel.storage}, JUnit and AssertJ.
 */
@NullMarked
package io.tiercel.storage.contract;

import org.jspecify.annotations.NullMarked;
