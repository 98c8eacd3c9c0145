package io.tiercel.node;

import java.net.URI;

/**
 * What one mount does. Immutable.
 *
 * @param prefix normalised key that the mount answers for, with everything under it; empty for the root.
 * @param store where its objects come from, without credentials and without a fragment. {@code cache:} and
 *            {@code memory:} end in a slash here, since a URI needs something after its scheme.
 * @param ttlMs age at which an object is loaded anew; 0 never.
 * @param maxObject payload in bytes of the largest object that is cached, inclusive.
 * @param readOnly whether writes and deletions are refused.
 * @param timeoutMs of one request to the store.
 */
public record MountSettings(String prefix, URI store, long ttlMs, long maxObject, boolean readOnly, long timeoutMs) {

    /** A mount with everything but the largest object by default. */
    static MountSettings of(String prefix, URI store, long maxObject) {
        return new MountSettings(prefix, store, 0, maxObject, false, Setting.MOUNT_TIMEOUT.defaultLong());
    }

    /** A mount with no store behind it. */
    static MountSettings cacheOnly(String prefix, long maxObject) {
        return of(prefix, URI.create("cache:/"), maxObject);
    }
}
