package io.tiercel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StreamedReadSystemTest extends NodeTestCase {
    private static final Key KEY = Key.of("a/b");

    @ParameterizedTest
    @EnumSource(names = {"IPC", "UDP"})
    void shouldReceiveFramesOfAnyLength(Mode mode) throws Exception {
        try (TiercelClient client = connect(mode)) {
            assertThat(client.mode()).isEqualTo(mode);
            for (int length : new int[]{0, 1, 1000, 1376, 60 * 1024, 60 * 1024 + 1, 128 * 1024, 300_001}) {
                node.put("a/b", bytes(length, length), false);

                try (Frame frame = Objects.requireNonNull(client.get(KEY))) {
                    assertThat(copy(frame)).as("length %d", length).isEqualTo(bytes(length, length));
                    assertThat(frame.address() % 64).isZero();
                    assertThat(frame.isMapped()).isFalse();
                    assertThat(frame.lastModifiedMs()).isEqualTo(1_700_000_000_000L);
                    assertThat(frame.byteBuffer().remaining()).isEqualTo(length);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"IPC", "UDP"})
    void shouldReceiveTenMebibytes(Mode mode) throws Exception {
        byte[] payload = bytes(10 << 20, 3);
        node.put("a/b", payload, false);
        try (TiercelClient client = connect(mode); Frame frame = Objects.requireNonNull(client.get(KEY))) {
            assertThat(copy(frame)).isEqualTo(payload);
        }
    }

    @Test
    void shouldRejectAFrameThatDoesNotMatchItsChecksum() throws Exception {
        node.put("a/b", bytes(200_000, 1), false);
        node.mischief.corruptsChecksum = true;
        try (TiercelClient client = connect(Mode.IPC)) {
            assertCode(() -> client.get(KEY), ErrorCode.CORRUPT, "does not match its checksum");
            node.mischief.corruptsChecksum = false;
            Objects.requireNonNull(client.get(KEY)).close();
        }
    }

    @Test
    void shouldRejectAFrameWithAGap() throws Exception {
        node.put("a/b", bytes(600_000, 1), false);
        node.mischief.skipsChunk = true;
        try (TiercelClient client = connect(Mode.IPC)) {
            assertCode(() -> client.get(KEY), ErrorCode.CORRUPT, "out of order");
        }
    }

    @Test
    void shouldRejectHostileLengthsBeforeAllocation() throws Exception {
        node.put("a/b", bytes(100, 1), false);
        try (TiercelClient client = connect(Mode.IPC)) {
            node.mischief.claimedLength = Long.MAX_VALUE;
            assertCode(() -> client.get(KEY), ErrorCode.TOO_LARGE, "maxStreamedFrame=1073741824");
            node.mischief.claimedLength = 10;
            assertCode(() -> client.get(KEY), ErrorCode.CORRUPT, "out of order");
        }
    }

    @Test
    void shouldRefuseFramesBeyondItsOwnLimit() throws Exception {
        node.put("a/b", bytes(101, 1), false);
        try (TiercelClient client = TiercelClient
                .connect(context().nodeDir(dir).streamed(true).maxStreamedFrame(100))) {
            assertCode(() -> client.get(KEY), ErrorCode.TOO_LARGE, "length=101 maxStreamedFrame=100");
        }
    }

    @Test
    void shouldFailTheCallThatAMalformedReplyIsFor() throws Exception {
        node.put("a/b", bytes(100, 1), false);
        node.mischief.answersNonsense = true;
        try (TiercelClient client = connect(Mode.IPC)) {
            assertThatThrownBy(() -> client.get(KEY)).isInstanceOf(TiercelException.class)
                    .hasMessageContaining("get of a/b was answered with");
            assertThat(client.pingNs()).isPositive();
        }
    }

    @Test
    void shouldTimeOutWhenTheRestNeverComes() throws Exception {
        node.put("a/b", bytes(600_000, 1), false);
        node.mischief.stopsMidway = true;
        try (TiercelClient client = connect(Mode.IPC)) {
            assertCode(() -> client.get(KEY, TimeUnit.MILLISECONDS.toNanos(200)), ErrorCode.TIMEOUT, "get of a/b");
        }
    }

    static void assertCode(ThrowingCallable action, ErrorCode code, String message) {
        assertThatThrownBy(action).isInstanceOfSatisfying(TiercelException.class,
                e -> assertThat(e.code()).as("%s", e.getMessage()).isEqualTo(code)).hasMessageContaining(message);
    }
}
