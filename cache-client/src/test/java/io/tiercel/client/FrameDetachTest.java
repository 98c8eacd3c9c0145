package io.tiercel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.Key;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class FrameDetachTest {
    private final AtomicInteger releaseCount = new AtomicInteger();
    private final Frame frame = LentFrames.lend(new UnsafeBuffer(ByteBuffer.allocateDirect(64)),
            releaseCount::incrementAndGet);

    @Test
    void shouldGiveTheBytesUpByTheOtherAlone() {
        long address = frame.address();

        Frame moved = frame.detach();
        frame.close();

        assertThat(frame.isOpen()).isFalse();
        assertThat(releaseCount).hasValue(0);
        assertThat(moved.address()).isEqualTo(address);
        assertThat(moved).extracting(Frame::key, Frame::etag, Frame::length, Frame::lastModifiedMs, Frame::served)
                .containsExactly(Key.of("lent"), "\"tag\"", 64L, 7L, Served.MAPPED);
        moved.close();
        moved.close();
        assertThat(releaseCount).hasValue(1);
    }

    @Test
    void shouldRefuseWhenClosed() {
        frame.close();

        assertThatThrownBy(frame::detach).isInstanceOf(IllegalStateException.class).hasMessage("frame is closed");
    }
}
