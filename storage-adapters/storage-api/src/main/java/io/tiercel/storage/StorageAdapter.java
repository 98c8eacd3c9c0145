package io.tiercel.storage;

import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Set;

/**
 * One store, opened: the operations that a node asks of a backend, in the same words for all of them.
 *
 * <p>Threadsafe; every call may block, and is made on a thread that may. All failures of the store are
 * {@link StorageException}s. Checks come in this order: closed (UNAVAILABLE), capability, root where a file is meant
 * (INVALID_PATH), all three before any I/O; then what the operation says. A wrong kind outranks NOT_FOUND. A path under a
 * file does not exist. An interrupt ends a call with UNAVAILABLE, the thread's flag set.
 *
 * <p>Later operations come as default methods, so that an adapter compiled against this version goes on working.
 */
public interface StorageAdapter extends AutoCloseable {
    /** What errors and status call this store: its URI without a secret. */
    String name();

    /** What it can do. Never changes. */
    Set<Capability> capabilities();

    /**
     * Opens an object, or a range of it, in one round trip. The caller closes what it gets.
     *
     * @throws StorageException NOT_FOUND; INVALID_PATH for a folder; PRECONDITION_FAILED when it is of another version than
     *     asked for; PERMISSION_DENIED, NOT_YET_AVAILABLE, UNAVAILABLE.
     */
    ObjectRead open(StorePath path, ReadOptions options);

    /** Opens a whole object of whatever version. */
    default ObjectRead open(StorePath path) {
        return open(path, ReadOptions.WHOLE);
    }

    /**
     * What a path leads to; the root is always a folder.
     *
     * @throws StorageException NOT_FOUND; PERMISSION_DENIED, UNAVAILABLE.
     */
    ObjectInfo info(StorePath path);

    /**
     * Writes an object, whole or not at all: readers see what was before until they see all of the new. Missing parents
     * appear. {@code source} is read from where it stands and is not closed; before the checks below pass it is not
     * touched.
     *
     * @param length bytes that {@code source} will give, or {@link ObjectInfo#UNKNOWN_LENGTH}.
     * @throws StorageException in this order: INVALID_PATH for a folder, or when a parent is a file; ALREADY_EXISTS or
     *     PRECONDITION_FAILED as the options have it; PERMISSION_DENIED, UNAVAILABLE. Nothing is left then.
     * @throws java.io.UncheckedIOException when {@code source} failed, or gave more or less than {@code length}. Nothing
     *     is left then.
     */
    WriteResult write(StorePath path, ReadableByteChannel source, long length, WriteOptions options);

    /** Writes the remaining bytes of a buffer, whose position moves to its limit. */
    default WriteResult write(StorePath path, ByteBuffer source, WriteOptions options) {
        return write(path, new BufferChannel(source), source.remaining(), options);
    }

    /**
     * Removes an object.
     *
     * @throws StorageException INVALID_PATH for a folder; NOT_FOUND unless {@code missingIsFine}; PERMISSION_DENIED,
     *     UNAVAILABLE.
     */
    void delete(StorePath path, boolean missingIsFine);

    /**
     * Removes a folder and everything in it; a missing one is fine. When it fails, a part may be gone.
     *
     * @return how many files went.
     * @throws StorageException INVALID_PATH for the root and for a file; DIRECTORY_NOT_EMPTY when somebody keeps adding;
     *     PERMISSION_DENIED, UNAVAILABLE.
     */
    long deleteRecursively(StorePath path);

    /**
     * Begins a listing: no I/O until its first page. A missing folder lists as empty. The caller closes what it gets.
     */
    ListingCursor list(StorePath folder, ListOptions options);

    /**
     * Gives an object another path; content type, user metadata and bytes stay, the ETag may change. Onto itself nothing
     * happens. At no time is it at neither path. Without ATOMIC_MOVE it is at both for a while, and stays there when the
     * removal fails.
     *
     * @throws StorageException in this order: INVALID_PATH when either is the root; INVALID_PATH for a folder, NOT_FOUND
     *     for a missing source; what a write to {@code to} would refuse; PERMISSION_DENIED, UNAVAILABLE.
     */
    default WriteResult move(StorePath from, StorePath to, boolean overwrite) {
        throw StorageException.of(StorageException.Kind.CAPABILITY_NOT_SUPPORTED).store(name()).path(from)
                .capability(Capability.MOVE).build();
    }

    /** Makes a second object of one, inside the store, as {@link #move} has it but that the source stays. */
    default WriteResult copy(StorePath from, StorePath to, boolean overwrite) {
        throw StorageException.of(StorageException.Kind.CAPABILITY_NOT_SUPPORTED).store(name()).path(from)
                .capability(Capability.COPY).build();
    }

    /**
     * The files below a folder whose paths match a pattern, in a listing like any other. The folder that the pattern
     * begins with is where the listing begins.
     *
     * @param options their depth counts from {@code folder}, and cuts before the pattern is looked at.
     * @throws StorageException CAPABILITY_NOT_SUPPORTED without LIST; else as {@link #list}.
     */
    default ListingCursor glob(StorePath folder, Glob pattern, ListOptions options) {
        return GlobListing.begin(this, folder, pattern, options);
    }

    /**
     * Counts the files below a folder, page by page: its cost in memory does not depend on how many there are.
     *
     * @throws StorageException NOT_FOUND when it is missing (the root never is), INVALID_PATH for a file; a listing's.
     */
    default FolderTotals totals(StorePath folder) {
        return FolderTotals.of(this, folder);
    }

    /**
     * The cheapest request that notices that the store is gone (UNAVAILABLE), its bucket or directory missing
     * (NOT_FOUND), our right refused (PERMISSION_DENIED).
     */
    void ping();

    /** Ends all use; reads and cursors still open fail with UNAVAILABLE at their next call. Idempotent; never fails. */
    @Override
    void close();
}
