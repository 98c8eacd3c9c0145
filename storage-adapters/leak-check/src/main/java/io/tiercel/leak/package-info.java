/**
 * The check that every test leaves nothing behind. A module takes it by a dependency in test scope: JUnit finds the
 * extension by itself.
 *
 * <p>Start at {@link io.tiercel.leak.LeakCheckExtension}. It imports JUnit and nothing of ours, and runs on the thread of
 * the test.
 */
@NullMarked
package io.tiercel.leak;

import org.jspecify.annotations.NullMarked;
