package io.tiercel.load;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.storage.Capability;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorePath;
import org.jspecify.annotations.Nullable;

/**
 * A key prefix and what stands behind it: a store with its policy, or nothing ({@code cache:}). Immutable but for the
 * state that its last calls showed; threadsafe.
 *
 * <p>Closing it closes its store.
 */
public final class Mount implements AutoCloseable {
    /** What the last call of the store showed. */
    public enum State {
        UP("up"),
        /** It failed, and a few calls are trying whether it is back. */
        DEGRADED("degraded"),
        /** It failed so often that it is not asked for a while. */
        OPEN("open"),
        DOWN("down");

        private final String label;

        State(String label) {
            this.label = label;
        }

        /** As status shows it. */
        public String label() {
            return label;
        }
    }

    private final String prefix;
    private final String uri;
    private final @Nullable StorageAdapter store;
    private final MountPolicy policy;
    private volatile State state = State.UP;

    /**
     * @param prefix normalised path, empty for the root.
     * @param uri of the store without secrets, for people.
     * @param store null where the cache itself is all there is.
     */
    public Mount(String prefix, String uri, @Nullable StorageAdapter store, MountPolicy policy) {
        this.prefix = prefix;
        this.uri = uri;
        this.store = store;
        this.policy = policy;
    }

    public String prefix() {
        return prefix;
    }

    public String uri() {
        return uri;
    }

    public MountPolicy policy() {
        return policy;
    }

    public State state() {
        return state;
    }

    void state(State next) {
        state = next;
    }

    /** Whether frames live in the tiers alone. */
    public boolean isCacheOnly() {
        return store == null;
    }

    /**
     * The store behind this mount.
     *
     * @throws IllegalStateException when it is cache-only: ask {@link #isCacheOnly()} first.
     */
    public StorageAdapter store() {
        if (store == null) {
            throw new IllegalStateException("mount has no store: prefix=" + prefix);
        }
        return store;
    }

    /** Whether the same store, opened once, stands behind both. */
    public boolean hasStoreOf(Mount other) {
        return store != null && store.equals(other.store);
    }

    public boolean can(Capability capability) {
        return store != null && store.capabilities().contains(capability);
    }

    /** Whether a normalised path is this mount's prefix or lies under it. */
    public boolean covers(String path) {
        return covers(prefix, path);
    }

    static boolean covers(String prefix, String path) {
        return prefix.isEmpty()
                || (path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix
                        .length()) == '/'));
    }

    /** The path in the store that a covered path names; empty for the mount point itself. */
    public String pathInStore(String path) {
        if (prefix.isEmpty()) {
            return path;
        }
        return path.length() == prefix.length() ? "" : path.substring(prefix.length() + 1);
    }

    /** The key of a path in the store. */
    public String keyOf(String pathInStore) {
        return prefix.isEmpty() ? pathInStore : prefix + '/' + pathInStore;
    }

    /**
     * The object in the store that a key names.
     *
     * @throws TiercelException INVALID_KEY when the key is the mount point, which is a folder.
     */
    public StorePath objectPath(Key key) {
        String path = pathInStore(key.toString());
        if (path.isEmpty()) {
            throw new TiercelException(ErrorCode.INVALID_KEY, "key is a mount point, not an object: " + key);
        }
        return StorePath.of(path);
    }

    @Override
    public void close() {
        if (store != null) {
            store.close();
        }
    }
}
