package io.tiercel.leasemodel;

/** What must hold in every order of steps. */
enum Invariant {
    /** A client that holds a lease reads the bytes of the frame that it took, at every read. */
    LEASED_MEMORY_DOES_NOT_CHANGE,
    /** A take that begins after an invalidation was acknowledged does not open what it covered. */
    NOTHING_OLD_AFTER_THE_ACKNOWLEDGEMENT,
    /** The node alone can get memory back that no living client has pinned. */
    UNPINNED_MEMORY_COMES_BACK,
    /** A client that lives, stopped or not, is not cleared while it holds a lease. */
    PINS_OF_THE_LIVING_STAY
}
