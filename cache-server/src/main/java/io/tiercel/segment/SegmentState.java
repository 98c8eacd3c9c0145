package io.tiercel.segment;

/** What a segment is for at the moment. */
public enum SegmentState {
    /** Empty, mapped and ready to be written. */
    FREE,
    /** Frames are appended to it. */
    ACTIVE,
    /** Full, or given to one large frame; served from, and a candidate for reclaim. */
    SEALED,
    /** Its generation is raised, nothing in it is served any more; waits until nobody reads it. */
    RECLAIMING,
    /** Its file is gone or going. */
    GONE
}
