package io.tiercel.eviction;

/**
 * Where things lie in a row of {@link AdaptivePolicy}'s {@link EntryTable}.
 *
 * <pre>
 *  0 hash                        8
 *  8 weight                      8
 * 16 place                       4
 * 20 chain of the bucket         4
 * 24 owners: a bit a shadow      1
 * 25 kept, and in which list     1
 * 26 S3-FIFO: queue and uses     1
 * 27 W-TinyLFU: list             1
 * 28 GDSF: uses                  1
 * 29 LIRS: state                 1
 * 30 GDSF: queue                 2
 * 32 links of what is kept       8
 * 40 links of S3-FIFO            8
 * 48 links of W-TinyLFU          8
 * 56 links of GDSF               8
 * 64 GDSF: priority              8
 * 72 links of LIRS's stack       8
 * 80 links of LIRS's queue       8
 * </pre>
 */
final class EntryFields {
    static final int OWNERS = EntryTable.FIELDS_OFFSET;
    static final int KEPT = OWNERS + Byte.BYTES;
    static final int S3_FIFO = KEPT + Byte.BYTES;
    static final int TINY_LFU = S3_FIFO + Byte.BYTES;
    static final int GDSF_USES = TINY_LFU + Byte.BYTES;
    static final int LIRS = GDSF_USES + Byte.BYTES;
    static final int GDSF_QUEUE = LIRS + Byte.BYTES;
    static final int KEPT_LINKS = GDSF_QUEUE + Short.BYTES;
    static final int S3_FIFO_LINKS = KEPT_LINKS + EntryList.LINKS_LENGTH;
    static final int TINY_LFU_LINKS = S3_FIFO_LINKS + EntryList.LINKS_LENGTH;
    static final int GDSF_LINKS = TINY_LFU_LINKS + EntryList.LINKS_LENGTH;
    static final int GDSF_PRIORITY = GDSF_LINKS + EntryList.LINKS_LENGTH;
    static final int LIRS_STACK_LINKS = GDSF_PRIORITY + Double.BYTES;
    static final int LIRS_QUEUE_LINKS = LIRS_STACK_LINKS + EntryList.LINKS_LENGTH;
    static final int LENGTH = LIRS_QUEUE_LINKS + EntryList.LINKS_LENGTH;

    private EntryFields() {}
}
