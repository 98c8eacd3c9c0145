package io.tiercel.segment;

import static io.tiercel.mapped.FrameDescriptor.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.mapped.SegmentDescriptor;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameMoveTest {
    private static final int LENGTH = 1_000;

    @TempDir
    Path dir;

    private final FrameChecksum checksum = new FrameChecksum();
    private final FrameAppender appender = new FrameAppender(checksum);
    private final FrameMove move = new FrameMove();
    private final byte[] payload = new byte[LENGTH];
    private Segment from;
    private Segment to;
    private int offset;

    @BeforeEach
    void publishAFrame() {
        new Random(5).nextBytes(payload);
        from = SegmentFixture.create(dir, 0, 64 * 1024);
        to = SegmentFixture.create(dir, 1, 64 * 1024);
        // An odd place in the target: what its header's checksum covers is not where the frame lay.
        appender.append(to, new FrameSpec(Key.of("first"), 0, "", 100, 1, 0, 0, 1));
        offset = appender.append(from, new FrameSpec(Key.of("moved"), 4, "text/plain", LENGTH, 7, 99, 55, 33));
        FrameFlyweight frame = new FrameFlyweight().wrap(from.buffer(), offset);
        from.buffer().putBytes(frame.payloadOffset(), payload);
        int crc = checksum.range(from.bytes(), frame.payloadOffset(), LENGTH);
        appender.publish(from, offset, 123, crc, "\"ab\"");
    }

    @AfterEach
    void unmap() {
        SegmentFixture.close(from);
        SegmentFixture.close(to);
    }

    @Test
    void shouldCopyInSlicesAndShowNothingBeforeItsEnd() {
        move.begin(from, offset, to);

        assertThat(move.copy(400)).isEqualTo(400);
        assertThat(move.isCopied()).isFalse();
        assertThat(move.copy().stateVolatile()).isEqualTo(WRITING);
        assertThat(move.source().stateVolatile()).isEqualTo(LIVE);
        assertThat(to.isIdleLocally()).as("held meanwhile").isFalse();
        assertThat(move.copy(10_000)).isEqualTo(600);
        assertThat(move.isCopied()).isTrue();
        move.publish();

        FrameFlyweight copy = new FrameFlyweight().wrap(to.buffer(), move.copy().offset());
        assertThat(copy.stateVolatile()).isEqualTo(LIVE);
        assertThat(new FrameFlyweight().wrap(from.buffer(), offset).stateVolatile()).isEqualTo(DEAD);
        assertThat(to.isIdleLocally()).isTrue();
        assertThat(move.isUnderWay()).isFalse();
    }

    @Test
    void shouldCopyEverythingOfAFrame() {
        move.begin(from, offset, to);
        move.copy(LENGTH);
        move.publish();

        FrameFlyweight copy = new FrameFlyweight().wrap(to.buffer(), move.copy().offset());
        assertThat(checksum.isHeaderWhole(to, copy, to.generation())).isTrue();
        assertThat(checksum.isMetadataWhole(to, copy)).isTrue();
        assertThat(checksum.isPayloadWhole(to, copy)).isTrue();
        assertThat(copy.keyEquals(Key.of("moved").buffer(), 0, 5)).isTrue();
        assertThat(copy.etag()).isEqualTo("\"ab\"");
        assertThat(copy.contentType()).isEqualTo("text/plain");
        assertThat(copy.sequence()).isEqualTo(123);
        assertThat(copy.epoch()).isEqualTo(7);
        assertThat(copy.expiresAtMs()).isEqualTo(99);
        assertThat(copy.lastModifiedMs()).isEqualTo(55);
        assertThat(copy.storedAtMs()).isEqualTo(33);
        byte[] bytes = new byte[LENGTH];
        to.buffer().getBytes(copy.payloadOffset(), bytes);
        assertThat(bytes).isEqualTo(payload);
    }

    @Test
    void shouldLeaveTheFrameAsItIsWhenAborted() {
        move.begin(from, offset, to);
        move.copy(10);
        move.abort();

        assertThat(new FrameFlyweight().wrap(from.buffer(), offset).stateVolatile()).isEqualTo(LIVE);
        assertThat(move.copy().stateVolatile()).isEqualTo(DEAD);
        FrameScanner scanner = new FrameScanner(checksum);
        int[] frames = new int[1];
        assertThat(scanner.scan(to, (frame, state) -> frames[0]++)).as("walks over it").isTrue();
        assertThat(frames[0]).isEqualTo(2);
        assertThat(to.tail()).isGreaterThan(SegmentDescriptor.HEADER_LENGTH);
    }
}
