package io.tiercel.node;

import io.tiercel.load.MountPolicy;
import java.net.URI;

/**
 * What one mount does. Immutable.
 *
 * @param prefix normalised key that the mount answers for, with everything under it; empty for the root.
 * @param store where its objects come from, without credentials and without a fragment. {@code cache:} and
 *            {@code memory:} end in a slash here, since a URI needs something after its scheme.
 * @param allowPrivate whether a web server may be a private host; as the URI's parameter of the same name.
 */
public record MountSettings(String prefix, URI store, MountPolicy policy, boolean allowPrivate) {

    /** Whether the same store answers under the same prefix, whatever the policy. */
    boolean hasStoreOf(MountSettings other) {
        return prefix.equals(other.prefix) && store.equals(other.store) && allowPrivate == other.allowPrivate;
    }

    /** A mount with everything but the largest object by default. */
    static MountSettings of(String prefix, URI store, long maxObject) {
        return new MountSettings(prefix, store, MountPolicy.of(maxObject), false);
    }

    /** A mount with no store behind it. */
    static MountSettings cacheOnly(String prefix, long maxObject) {
        return of(prefix, URI.create("cache:/"), maxObject);
    }
}
