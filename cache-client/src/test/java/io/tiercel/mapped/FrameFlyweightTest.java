package io.tiercel.mapped;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class FrameFlyweightTest {
    private static final int OFFSET = 128;
    private static final long GENERATION = 9;
    private static final Key KEY = Key.of("a/frame/with a long key");

    private final UnsafeBuffer segment = new UnsafeBuffer(ByteBuffer.allocateDirect(1024));
    private final FrameFlyweight frame = new FrameFlyweight().wrap(segment, OFFSET);

    FrameFlyweightTest() {
        byte[] metadata = "\5\"abc\"\6a/type".getBytes(StandardCharsets.US_ASCII);
        frame.lengths(KEY.length(), metadata.length, 5).sequence(3).epoch(4).expiresAtMs(5).lastModifiedMs(6)
                .storedAtMs(7);
        segment.putBytes(frame.keyOffset(), KEY.buffer(), 0, KEY.length());
        segment.putBytes(frame.metadataOffset(), metadata);
        segment.putBytes(frame.payloadOffset(), new byte[]{1, 2, 3, 4, 5});
        frame.headerCrc(frame.computeHeaderCrc(GENERATION)).metadataCrc(frame.computeMetadataCrc()).payloadCrc(8);
        frame.stateRelease(FrameDescriptor.LIVE);
    }

    @Test
    void shouldReadWhatWasWritten() {
        assertThat(frame.stateVolatile()).isEqualTo(FrameDescriptor.LIVE)
                .isEqualTo(FrameFlyweight.stateVolatile(segment, OFFSET));
        assertThat(frame.etag()).isEqualTo("\"abc\"");
        assertThat(frame.contentType()).isEqualTo("a/type");
        assertThat(frame.keyEquals(KEY.buffer(), 0, KEY.length())).isTrue();
        assertThat(frame.payloadOffset()).isEqualTo(OFFSET + 128);
        assertThat(frame.frameLength()).isEqualTo(192);
        assertThat(frame.isInBounds()).isTrue();
        assertThat(frame.isHeaderIntact(GENERATION)).isTrue();
    }

    @Test
    void shouldTellKeysApart() {
        for (String other : new String[]{"a/frame/with a long keY", "A/frame/with a long key", "a/frame/with a long ke",
            "a/frame/with a long key2", "a/frame/With a long key"}) {
            Key key = Key.of(other);
            assertThat(frame.keyEquals(key.buffer(), 0, key.length())).as(other).isFalse();
        }
    }

    @Test
    void shouldNoticeEveryFlippedBitOfHeaderKeyAndMetadata() {
        assertThat(frame.isHeaderIntact(GENERATION + 1)).as("another generation").isFalse();
        int end = frame.metadataOffset() + frame.metadataLength();
        for (int at = OFFSET + FrameDescriptor.SEQUENCE_OFFSET; at < end; at++) {
            if (at == OFFSET + FrameDescriptor.KEY_LENGTH_OFFSET) {
                // Lengths are a matter of bounds, and come first.
                at = OFFSET + FrameDescriptor.EPOCH_OFFSET;
            }
            byte before = segment.getByte(at);
            segment.putByte(at, (byte) (before ^ 0x10));

            assertThat(frame.isHeaderIntact(GENERATION)).as("byte %d", at).isFalse();

            segment.putByte(at, before);
        }
        assertThat(frame.isHeaderIntact(GENERATION)).isTrue();
    }

    @Test
    void shouldRefuseHonestChecksumsOverHostileLengths() {
        for (int[] lengths : new int[][]{{0, 0, 0}, {1025, 0, 0}, {10, 0, -1}, {10, 0, Integer.MAX_VALUE},
            {10, 0xFFFF, 0}, {10, 10, 1024}, {10, 10, 1024 - OFFSET - 128 + 1}, {10, 10, Integer.MIN_VALUE}}) {
            frame.lengths(lengths[0], lengths[1], lengths[2]);

            assertThat(frame.isInBounds()).as("%s", java.util.Arrays.toString(lengths)).isFalse();
        }
        frame.lengths(10, 10, 1024 - OFFSET - 128);
        assertThat(frame.isInBounds()).isTrue();
    }

    @Test
    void shouldRefuseOffsetsOutsideTheSegmentAndInsideItsHeader() {
        for (int offset : new int[]{-64, 0, 1, 32, 65, 129, 1024, 1024 - 32, Integer.MAX_VALUE & -64,
            Integer.MIN_VALUE}) {
            assertThat(new FrameFlyweight().wrap(segment, offset).isInBounds()).as("%d", offset).isFalse();
        }
    }

    @Test
    void shouldNotReadTextBeyondTheMetadata() {
        segment.putByte(frame.metadataOffset(), (byte) 0xFF);
        assertThat(frame.etag()).hasSize(frame.metadataLength() - 1);
        assertThat(frame.contentType()).isEmpty();

        frame.lengths(KEY.length(), 0, 5);
        assertThat(frame.etag()).isEmpty();
        assertThat(frame.contentType()).isEmpty();
    }

    /** Bytes as version 2 lays them out: a frame of the field must stay readable. */
    @Test
    void shouldKeepTheBytesOfVersion2() {
        byte[] written = new byte[FrameDescriptor.HEADER_LENGTH];
        segment.getBytes(OFFSET, written);

        assertThat(HexFormat.of().formatHex(written)).isEqualTo(GOLDEN_HEADER);
    }

    private static final String GOLDEN_HEADER = "33333333" + "52d1f987" + "6172fd81" + "08000000" + "0300000000000000"
            + "1700" + "0d00" + "05000000" + "0400000000000000" + "0500000000000000" + "0600000000000000"
            + "0700000000000000";
}
