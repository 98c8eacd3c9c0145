package io.tiercel.segment;

/** What a segment is for at the moment. */
public enum SegmentState {
    /** Empty, mapped and ready to be written. */
    FREE,
    /** Frames are appended to it. */
    ACTIVE,
    /** Full, or given to one large frame; served from, and a candidate for reclaim. */
    SEALED,
    /** Sealed, and its frames are being carried elsewhere or dropped one by one; those that are left are served. */
    DRAINING,
    /** Its generation is raised, nothing in it is served any more; waits until nobody reads it. */
    RECLAIMING,
    /** Its file was cut short by somebody else: nothing in it is touched any more; it goes when nobody holds it. */
    QUARANTINED,
    /** Its file is gone or going. */
    GONE
}
