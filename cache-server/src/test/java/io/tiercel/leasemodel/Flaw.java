package io.tiercel.leasemodel;

/** A way to get the protocol wrong: the model with that one change must be caught. */
enum Flaw {
    /** The protocol as the code has it. */
    NONE,
    /** The client looks at the generation, then counts its pin. */
    GENERATION_CHECKED_BEFORE_PIN,
    /** The pin is a plain store: the loads after it may be done before it is seen. */
    PIN_WITHOUT_FENCE,
    /** The generation is a plain store: the node's loads of the pins may be done before it is seen. */
    GENERATION_WITHOUT_FENCE,
    /** Reclaim looks at the pins first, and raises the generation when there are none. */
    PINS_READ_BEFORE_GENERATION,
    /** A reader that does not answer for long is cleared though its lock is held. */
    STOPPED_READER_CLEARED,
    /** A reader number's file is zeroed and handed on, not replaced by a new one. */
    READER_FILE_REUSED_IN_PLACE,
    /** A client that leaves gives its lock up while it still holds a lease. */
    UNLOCKED_WITH_LEASES,
    /** A thread that has pinned does not ask whether the region was retired meanwhile. */
    RETIRED_NOT_ASKED,
    /** The invalidation of a prefix is acknowledged, then the epoch is raised. */
    ACKNOWLEDGED_BEFORE_EPOCH,
    /** A client does not compare the epoch. */
    EPOCH_NOT_CHECKED,
    /** A client takes a frame of an older epoch for untouched, and does not look into the filter. */
    FILTER_NOT_ASKED,
    /** A client looks into the filter first, and for the epoch then. */
    FILTER_ASKED_BEFORE_EPOCH,
    /** The node raises the epoch before the filter's entry, and acknowledges after both. */
    EPOCH_BEFORE_FILTER,
    /** A client does not look at the frame's state. */
    STATE_NOT_CHECKED,
    /** The memory is written again with no look at the pins. */
    PINS_NOT_READ,
    /** Readers that died are never cleared. */
    DEAD_READER_KEPT
}
