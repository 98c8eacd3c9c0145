package io.tiercel.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamBuffersTest {
    private final StreamBuffers buffers = new StreamBuffers();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 257, 4_096, 65_535, 65_536})
    void shouldUseTheMemoryOfSmallFramesAgain(int length) {
        StreamBuffer first = buffers.take(length);
        first.release();

        StreamBuffer second = buffers.take(length);

        assertThat(second).isSameAs(first);
        assertThat(second.memory().capacity()).isEqualTo(length);
        assertThat(second.memory().addressOffset() % 64).isZero();
        second.release();
    }

    @Test
    void shouldFreeTheMemoryOfLargeFrames() {
        StreamBuffer first = buffers.take(65_537);
        first.release();

        StreamBuffer second = buffers.take(65_537);

        assertThat(second).isNotSameAs(first);
        second.release();
    }

    @Test
    void shouldGiveNobodyWhatIsInUse() {
        Set<StreamBuffer> taken = new HashSet<>();
        List<StreamBuffer> open = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            StreamBuffer buffer = buffers.take(1_000);
            assertThat(taken.add(buffer)).isTrue();
            open.add(buffer);
        }
        open.forEach(StreamBuffer::release);

        int again = 0;
        for (int i = 0; i < 500; i++) {
            again += taken.contains(buffers.take(1_000)) ? 1 : 0;
        }

        assertThat(again).as("kept").isEqualTo(64);
    }

    @Test
    void shouldSumWhatTheNextFrameHasAlone() {
        StreamBuffer buffer = buffers.take(300);
        buffer.write(0, new UnsafeBuffer(new byte[300]), 0, 300);
        buffer.sum(0, 300);
        buffer.release();
        byte[] bytes = {1, 2, 3, 4, 5};
        CRC32C expected = new CRC32C();
        expected.update(bytes);

        StreamBuffer next = buffers.take(bytes.length);
        next.write(0, new UnsafeBuffer(bytes), 0, 3);
        next.sum(0, 3);
        next.write(3, new UnsafeBuffer(bytes), 3, 2);
        next.sum(3, 2);

        assertThat(next.checksum()).isEqualTo((int) expected.getValue());
        assertThat(next.slice(1, 4).get(0)).isEqualTo((byte) 2);
        next.release();
    }
}
