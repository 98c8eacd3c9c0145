package io.tiercel.segment;

import static io.tiercel.mapped.FrameDescriptor.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.mapped.SegmentDescriptor;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameScannerTest {
    private static final int LENGTH = 64 * 1024;

    @TempDir
    Path dir;

    private final FrameChecksum checksum = new FrameChecksum();
    private final FrameAppender appender = new FrameAppender(checksum);
    private final FrameScanner scanner = new FrameScanner(checksum);
    private SegmentFile file;
    private Segment segment;

    @BeforeEach
    void open() throws IOException {
        file = SegmentFile.create(dir, 0, 5, LENGTH, 77);
        segment = new Segment(0, file, 5, 5, SegmentState.ACTIVE);
    }

    @AfterEach
    void close() {
        file.close();
    }

    @Test
    void shouldFindFramesInOrderAndTheTail() {
        append("a", 10, LIVE);
        append("b", 0, LIVE);
        int tail = segment.tail();

        assertThat(scanned()).containsExactly("a:live", "b:live");
        assertThat(segment.tail()).isEqualTo(tail);
    }

    @Test
    void shouldPassOverATornFrame() {
        append("a", 10, LIVE);
        append("torn", 100, WRITING);
        append("b", 10, LIVE);

        assertThat(scanned()).containsExactly("a:live", "torn:writing", "b:live");
    }

    @Test
    void shouldFillTheSegmentToItsLastByte() {
        append("a", LENGTH - SegmentDescriptor.HEADER_LENGTH - payloadOffset(1, 2), LIVE);

        assertThat(segment.room()).isZero();
        assertThat(scanned()).containsExactly("a:live");
    }

    @Test
    void shouldNotParseAnOlderGenerationBehindTheTail() {
        for (int i = 0; i < 50; i++) {
            append("old" + i, 300, LIVE);
        }
        file.writeHeader(0, 6, 5, 77);
        segment.generation(6);
        file.clearFirstFrame();
        segment.emptied();

        append("new", 300, LIVE);

        List<String> found = new ArrayList<>();
        assertThat(scan(found)).as("the tail is no damage").isTrue();
        assertThat(found).containsExactly("new:live");
    }

    @Test
    void shouldNotParseAnOlderGenerationEvenWhenTheEndIsLost() {
        append("old0", 300, LIVE);
        int second = append("old1", 300, LIVE);
        file.writeHeader(0, 6, 5, 77);
        segment.generation(6);
        file.clearFirstFrame();
        segment.emptied();
        append("new0", 300, LIVE);

        segment.buffer().putInt(second + STATE_OFFSET, LIVE);

        assertThat(scan(new ArrayList<>())).as("whole").isFalse();
        assertThat(scanned()).containsExactly("new0:live");
    }

    @Test
    void shouldTakeASegmentWhoseReclaimHadBegunForEmpty() {
        append("old", 300, LIVE);
        file.writeHeader(0, 6, 5, 77);
        segment.generation(6);

        List<String> found = new ArrayList<>();

        assertThat(scan(found)).as("whole").isTrue();
        assertThat(found).isEmpty();
    }

    @Test
    void shouldEndAtAFlippedHeader() {
        Random random = new Random(42);
        for (int round = 0; round < 200; round++) {
            segment.emptied();
            append("a", 10, LIVE);
            int second = append("bb", 10, LIVE);
            append("c", 10, LIVE);
            int at = second + KEY_LENGTH_OFFSET + random.nextInt(HEADER_LENGTH - KEY_LENGTH_OFFSET + 2);
            byte before = segment.buffer().getByte(at);

            segment.buffer().putByte(at, (byte) (before ^ 1 << random.nextInt(8)));

            List<String> found = new ArrayList<>();
            assertThat(scan(found)).as("whole, flipped at %d", at - second).isFalse();
            assertThat(found).containsExactly("a:live");
        }
    }

    @Test
    void shouldBoundForgedLengthsUnderAValidChecksum() {
        int[][] lengths = {{0, 2, 10}, {1, 2, Integer.MAX_VALUE}, {1, 2, -1}, {65_535, 65_535, 0},
            {1025, 2, 10}, {1, 2, LENGTH}, {1, 2, LENGTH - 200}};
        for (int[] forged : lengths) {
            segment.emptied();
            int offset = append("a", 10, LIVE);
            FrameFlyweight frame = new FrameFlyweight().wrap(segment.buffer(), offset);
            frame.lengths(forged[0], forged[1], forged[2]);
            frame.headerCrc(checksum.header(segment.bytes(), offset, Math.min(forged[0], 2000), 5));

            List<String> found = new ArrayList<>();

            assertThat(scan(found)).as("lengths %d %d %d", forged[0], forged[1], forged[2])
                    .isEqualTo(forged[2] == LENGTH - 200);
        }
    }

    @Test
    void shouldNotBelieveAStateThatDoesNotExist() {
        int offset = append("a", 10, LIVE);
        append("b", 10, LIVE);

        segment.buffer().putInt(offset + STATE_OFFSET, LIVE ^ 1, ByteOrder.LITTLE_ENDIAN);

        assertThat(scanned()).as("its lengths hold, and lead to the next").containsExactly("a:none", "b:live");
    }

    @Test
    void shouldSurviveRandomBytes() {
        Random random = new Random(7);
        byte[] noise = new byte[LENGTH - SegmentDescriptor.HEADER_LENGTH];
        for (int round = 0; round < 100; round++) {
            random.nextBytes(noise);
            segment.buffer().putBytes(SegmentDescriptor.HEADER_LENGTH, noise);

            assertThat(scan(new ArrayList<>())).isFalse();
        }
    }

    private int append(String key, int payloadLength, int state) {
        int offset = appender.append(segment, new FrameSpec(Key.of(key), 0, "", payloadLength, 0, 0, 0, 0));
        if (state == LIVE) {
            appender.publish(segment, offset, 1, 0, "");
        }
        return offset;
    }

    private boolean scan(List<String> found) {
        return scanner.scan(segment, (frame, state) -> {
            byte[] key = new byte[frame.keyLength()];
            segment.buffer().getBytes(frame.keyOffset(), key);
            found.add(new String(key, StandardCharsets.UTF_8) + ":" + nameOf(state));
        });
    }

    private static String nameOf(int state) {
        return state == WRITING ? "writing" : state == LIVE ? "live" : state == DEAD ? "dead" : "none";
    }

    private List<String> scanned() {
        List<String> found = new ArrayList<>();
        scan(found);
        return found;
    }
}
