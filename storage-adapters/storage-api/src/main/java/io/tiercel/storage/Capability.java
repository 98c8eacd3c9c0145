package io.tiercel.storage;

/**
 * Something that a store can do, or a quality of how it does it. An adapter checks for it before any I/O; the lack is
 * {@link StorageException.Kind#CAPABILITY_NOT_SUPPORTED} and names it.
 */
public enum Capability {
    /** Objects can be opened. */
    READ,
    /** Objects can be written; parents appear by themselves. */
    WRITE,
    /** Objects and whole folders can be removed. */
    DELETE,
    /** Folders can be listed. */
    LIST,
    /** An object can be given another path. */
    MOVE,
    /** An object can be copied inside the store, its bytes passing through nobody else. */
    COPY,
    /** No reader sees a part of a write, and a write that fails leaves nothing. */
    ATOMIC_WRITE,
    /** {@link StorageAdapter#info} answers without the bytes. */
    METADATA,
    /** Files can be found by a pattern of their names; goes with LIST. */
    GLOB,
    /** Names and values of the caller's are kept with an object. */
    USER_METADATA,
    /** A part of an object can be read without the rest. */
    RANGE,
    /** An operation can be made to depend on the ETag. */
    CONDITIONAL,
    /** Quality: a move is one step that nobody sees half done. */
    ATOMIC_MOVE,
    /** Quality: bytes arrive as they are asked for, so that a read costs no memory of the object's size. */
    LAZY_READ,
    /** Quality: the answer to a write describes exactly what was written, with no second request. */
    NATIVE_WRITE_RESULT
}
