package io.tiercel.shard;

/** When a put may replace what is there. */
public enum PutCondition {
    /** Always. */
    NONE,
    /** Only where there is nothing yet; otherwise ALREADY_EXISTS. */
    IF_ABSENT,
    /** Only a value that bears the named ETag; otherwise PRECONDITION_FAILED. */
    IF_MATCH
}
