/**
 * Races between two threads, in jcstress: lease against reclaim, publish against read, invalidation against load and
 * lease, clearing of a reader against a late release. Each scenario runs the node's and the client's own classes on
 * mapped files; two more are broken on purpose, and must be found out.
 *
 * <p>Here and not in a module of its own, because the classes under test are package-private next door, and the top of
 * the repository stays as it is. So jcstress's processor runs over all tests of this module; it writes runners for this
 * package alone. What a shard does with one thread, as its loads and its publisher, has no race to try here: what
 * crosses threads there is the epoch, and that is here.
 *
 * <p>Start at {@link io.tiercel.race.RaceStressTest}, which runs the scenarios in processes of their own, and at
 * {@link io.tiercel.race.RaceNode}, on which they run.
 */
@NullMarked
package io.tiercel.race;

import org.jspecify.annotations.NullMarked;
