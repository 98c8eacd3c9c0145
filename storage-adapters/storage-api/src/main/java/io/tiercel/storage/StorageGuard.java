package io.tiercel.storage;

import java.util.Set;

/**
 * The checks that come before any I/O, in the order that all adapters keep: closed, capability, root. Threadsafe.
 */
public final class StorageGuard {
    private final String store;
    private final Set<Capability> capabilities;
    private volatile boolean closed;

    public StorageGuard(String store, Set<Capability> capabilities) {
        this.store = store;
        this.capabilities = Set.copyOf(capabilities);
    }

    /** What the store can do, as a set that does not change. */
    public Set<Capability> capabilities() {
        return capabilities;
    }

    /** Lets an operation on a file pass. */
    public void enterFile(StorePath path, Capability needed) {
        enterFolder(path, needed);
        refuseRoot(path, "the root is a folder");
    }

    /** Lets a read pass. */
    public void enterRead(StorePath path, ReadOptions options) {
        enterFolder(path, Capability.READ);
        if (!options.isWhole()) {
            require(path, Capability.RANGE);
        }
        if (options.ifMatch() != null) {
            require(path, Capability.CONDITIONAL);
        }
        refuseRoot(path, "the root is a folder");
    }

    /** Lets a move or copy pass. */
    public void enterTransfer(StorePath from, StorePath to, Capability needed) {
        enterFile(from, needed);
        refuseRoot(to, "the root is a folder");
    }

    /** Lets an operation pass that takes a folder, the root among them. */
    public void enterFolder(StorePath path, Capability needed) {
        requireOpen(path);
        require(path, needed);
    }

    /** Lets the removal of a folder pass. */
    public void enterRemoval(StorePath path) {
        enterFolder(path, Capability.DELETE);
        refuseRoot(path, "the root stays");
    }

    /**
     * Lets a write pass.
     *
     * @throws IllegalArgumentException when the length is neither one nor unknown.
     */
    public void enterWrite(StorePath path, long length, WriteOptions options) {
        enterFolder(path, Capability.WRITE);
        if (length < 0 && length != ObjectInfo.UNKNOWN_LENGTH) {
            throw new IllegalArgumentException("length=" + length + " is negative");
        }
        if (options.ifMatch() != null) {
            require(path, Capability.CONDITIONAL);
        }
        if (!options.userMetadata().isEmpty()) {
            require(path, Capability.USER_METADATA);
        }
        refuseRoot(path, "the root is a folder");
    }

    /** Refuses what comes after close, with UNAVAILABLE. */
    public void requireOpen(StorePath path) {
        if (closed) {
            throw StorageException.of(StorageException.Kind.UNAVAILABLE).store(store).path(path)
                    .because("the store was closed").build();
        }
    }

    /** Closes; true for the first call alone. */
    public synchronized boolean close() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    private void require(StorePath path, Capability needed) {
        if (!capabilities.contains(needed)) {
            throw StorageException.of(StorageException.Kind.CAPABILITY_NOT_SUPPORTED).store(store).path(path)
                    .capability(needed).build();
        }
    }

    private void refuseRoot(StorePath path, String why) {
        if (path.isRoot()) {
            throw StorageException.of(StorageException.Kind.INVALID_PATH).store(store).because(why).build();
        }
    }
}
