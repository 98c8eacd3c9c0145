package io.tiercel.mapped;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The drawings, as numbers: files of every version in the field were written by them. */
class LayoutTest {
    @Test
    void sizesOfControl() {
        assertThat(text(ControlDescriptor.MAGIC)).isEqualTo("TIERCTRL");
        assertThat(ControlDescriptor.LAYOUT_VERSION_OFFSET).isEqualTo(8);
        assertThat(ControlDescriptor.SLOT_CAPACITY_OFFSET).isEqualTo(12);
        assertThat(ControlDescriptor.INCARNATION_OFFSET).isEqualTo(16);
        assertThat(ControlDescriptor.NONCE_OFFSET).isEqualTo(24);
        assertThat(ControlDescriptor.PID_OFFSET).isEqualTo(32);
        assertThat(ControlDescriptor.INVALIDATION_EPOCH_OFFSET).isEqualTo(64);
        assertThat(ControlDescriptor.CLOCK_OFFSET).isEqualTo(128);
        assertThat(ControlDescriptor.BEAT_OFFSET).isEqualTo(136);
        assertThat(ControlDescriptor.AERON_DIR_OFFSET).isEqualTo(192);
        assertThat(ControlDescriptor.UDP_ENDPOINT_OFFSET).isEqualTo(1024);
        assertThat(ControlDescriptor.UDP_ENDPOINT_OFFSET + 4 + ControlDescriptor.UDP_ENDPOINT_MAX_LENGTH)
                .isLessThanOrEqualTo(ControlDescriptor.SLOT_TABLE_OFFSET);
        assertThat(ControlDescriptor.SLOT_TABLE_OFFSET).isEqualTo(4096);
        assertThat(ControlDescriptor.SLOT_FILE_GENERATION_OFFSET).isEqualTo(8);
        assertThat(ControlDescriptor.SLOT_FILE_LENGTH_OFFSET).isEqualTo(16);
        assertThat(ControlDescriptor.slotOffset(3)).isEqualTo(4096 + 3 * 32);
        assertThat(ControlDescriptor.EPOCH_OF_ALL_OFFSET).isEqualTo(72);
        assertThat(ControlDescriptor.FILTER_KEEPER_OFFSET).isEqualTo(160);
        assertThat(ControlDescriptor.FILTER_ENTRIES_OFFSET).isEqualTo(168);
        assertThat(ControlDescriptor.filterOffset(3)).isEqualTo(4096 + 128);
        assertThat(ControlDescriptor.fileLength(3)).isEqualTo(4096 + 128 + 8 * 16_384);
        assertThat(ControlDescriptor.fileLength(ControlDescriptor.MAX_SLOTS)).isPositive();
    }

    @Test
    void sizesOfReader() {
        assertThat(text(ReaderDescriptor.MAGIC)).isEqualTo("TIERREAD");
        assertThat(ReaderDescriptor.LAYOUT_VERSION_OFFSET).isEqualTo(8);
        assertThat(ReaderDescriptor.SLOT_CAPACITY_OFFSET).isEqualTo(12);
        assertThat(ReaderDescriptor.READER_NUMBER_OFFSET).isEqualTo(16);
        assertThat(ReaderDescriptor.INCARNATION_OFFSET).isEqualTo(24);
        assertThat(ReaderDescriptor.pinOffset(0)).isEqualTo(128);
        assertThat(ReaderDescriptor.pinOffset(5)).isEqualTo(168);
        assertThat(ReaderDescriptor.PIN_QUOTA_OFFSET).isEqualTo(32);
        assertThat(ReaderDescriptor.OPENINGS_OFFSET).isEqualTo(64);
        assertThat(ReaderDescriptor.LAYOUT_VERSION).isEqualTo(2);
        assertThat(ReaderDescriptor.touchPositionOffset(10)).as("208, on a line of its own").isEqualTo(256);
        assertThat(ReaderDescriptor.touchPositionOffset(8)).isEqualTo(192);
        assertThat(ReaderDescriptor.touchRingOffset(10)).isEqualTo(320);
        assertThat(ReaderDescriptor.TOUCH_CAPACITY).isEqualTo(256);
        assertThat(ReaderDescriptor.TOUCH_ENTRY_LENGTH).isEqualTo(16);
        assertThat(ReaderDescriptor.TOUCH_GENERATION_OFFSET).isEqualTo(8);
        assertThat(ReaderDescriptor.touchEntryOffset(0)).isZero();
        assertThat(ReaderDescriptor.touchEntryOffset(257)).isEqualTo(16);
        assertThat(ReaderDescriptor.touchEntryOffset(-1)).isEqualTo(255 * 16);
        assertThat(ReaderDescriptor.fileLength(10)).isEqualTo(320 + 256 * 16);
    }

    @Test
    void sizesOfSegment() {
        assertThat(text(SegmentDescriptor.MAGIC)).isEqualTo("TIERSEGM");
        assertThat(SegmentDescriptor.LAYOUT_VERSION_OFFSET).isEqualTo(8);
        assertThat(SegmentDescriptor.HEADER_CRC_OFFSET).isEqualTo(12);
        assertThat(SegmentDescriptor.SLOT_OFFSET).isEqualTo(16);
        assertThat(SegmentDescriptor.GENERATION_OFFSET).isEqualTo(24);
        assertThat(SegmentDescriptor.FILE_GENERATION_OFFSET).isEqualTo(32);
        assertThat(SegmentDescriptor.FILE_LENGTH_OFFSET).isEqualTo(40);
        assertThat(SegmentDescriptor.STORE_ID_OFFSET).isEqualTo(48);
        assertThat(SegmentDescriptor.HEADER_LENGTH).isEqualTo(64);
        assertThat(SegmentDescriptor.fileName(17)).isEqualTo("17.seg");
    }

    @Test
    void sizesOfFrame() {
        assertThat(FrameDescriptor.STATE_OFFSET).isZero();
        assertThat(FrameDescriptor.HEADER_CRC_OFFSET).isEqualTo(4);
        assertThat(FrameDescriptor.METADATA_CRC_OFFSET).isEqualTo(8);
        assertThat(FrameDescriptor.PAYLOAD_CRC_OFFSET).isEqualTo(12);
        assertThat(FrameDescriptor.KEY_LENGTH_OFFSET).isEqualTo(24);
        assertThat(FrameDescriptor.METADATA_LENGTH_OFFSET).isEqualTo(26);
        assertThat(FrameDescriptor.PAYLOAD_LENGTH_OFFSET).isEqualTo(28);
        assertThat(FrameDescriptor.SEQUENCE_OFFSET).isEqualTo(16);
        assertThat(FrameDescriptor.EPOCH_OFFSET).isEqualTo(32);
        assertThat(FrameDescriptor.EXPIRES_AT_OFFSET).isEqualTo(40);
        assertThat(FrameDescriptor.LAST_MODIFIED_OFFSET).isEqualTo(48);
        assertThat(FrameDescriptor.STORED_AT_OFFSET).isEqualTo(56);
        assertThat(FrameDescriptor.HEADER_LENGTH).isEqualTo(64);
        assertThat(FrameDescriptor.payloadOffset(1, 2)).isEqualTo(128);
        assertThat(FrameDescriptor.payloadOffset(60, 4)).isEqualTo(128);
        assertThat(FrameDescriptor.payloadOffset(60, 5)).isEqualTo(192);
        assertThat(FrameDescriptor.frameLength(1, 2, 0)).isEqualTo(128);
        assertThat(FrameDescriptor.frameLength(1, 2, 1)).isEqualTo(192);
        assertThat(FrameDescriptor.frameLength(1024, 0xFFFF, FrameDescriptor.MAX_PAYLOAD_LENGTH))
                .isGreaterThan(1L << 30).isLessThan(Integer.MAX_VALUE);
    }

    @Test
    void shouldTakeNoStateForAnotherWhereBitsFlip() {
        int[] states = {FrameDescriptor.FREE, FrameDescriptor.WRITING, FrameDescriptor.LIVE, FrameDescriptor.DEAD};
        for (int state : states) {
            assertThat(FrameDescriptor.isState(state)).isTrue();
            for (int one = 0; one < Integer.SIZE; one++) {
                for (int other = 0; other < Integer.SIZE; other++) {
                    int flipped = state ^ (1 << one | 1 << other);
                    assertThat(FrameDescriptor.isState(flipped)).as("%x flipped to %x", state, flipped).isFalse();
                }
            }
        }
    }

    private static String text(long magic) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[8]);
        buffer.putLong(0, magic, java.nio.ByteOrder.LITTLE_ENDIAN);
        return new String(buffer.byteArray(), StandardCharsets.US_ASCII);
    }
}
