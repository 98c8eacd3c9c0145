package io.tiercel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.wire.codec.GetEncoder;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** A client whose quota is two of the fake node's segments; each key has a segment of its own. */
class PinQuotaSystemTest extends NodeTestCase {
    private static final int LENGTH = FakeSegments.SEGMENT_LENGTH - 1024;
    private static final Key A = Key.of("a");
    private static final Key B = Key.of("b");
    private static final Key C = Key.of("c");

    @Test
    void shouldRefuseBeforePinningAFurtherSegment() throws Exception {
        fill(2L * FakeSegments.SEGMENT_LENGTH);
        Frame a = new Frame();
        try (TiercelClient client = connect(); Frame b = Objects.requireNonNull(client.get(B))) {
            assertThat(client.get(A, a)).isTrue();
            assertThatThrownBy(() -> client.get(C)).isInstanceOfSatisfying(TiercelException.class,
                    e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE))
                    .hasMessageContaining("lease of c is refused").hasMessageContaining("pinnedBytes=2097152")
                    .hasMessageContaining("clients.pinQuota=2097152");

            try (Frame again = Objects.requireNonNull(client.get(B))) {
                assertThat(copy(again)).as("in a segment that it holds").isEqualTo(bytes(LENGTH, 2));
            }
            a.close();
            try (Frame c = Objects.requireNonNull(client.get(C))) {
                assertThat(copy(c)).isEqualTo(bytes(LENGTH, 3));
                assertThat(copy(b)).isEqualTo(bytes(LENGTH, 2));
            }
        }
    }

    @Test
    void shouldRefuseARepeatReadWithoutTheNode() throws Exception {
        fill(2L * FakeSegments.SEGMENT_LENGTH);
        try (TiercelClient client = connect()) {
            for (Key key : new Key[]{A, B, C}) {
                Objects.requireNonNull(client.get(key)).close();
            }
            int before = node.count(GetEncoder.TEMPLATE_ID);

            try (Frame a = Objects.requireNonNull(client.get(A)); Frame b = Objects.requireNonNull(client.get(B))) {
                assertThat(a.isMapped() && b.isMapped()).isTrue();
                assertThatThrownBy(() -> client.get(C)).isInstanceOf(TiercelException.class)
                        .hasMessageContaining("clients.pinQuota");
                assertThatThrownBy(() -> client.getAsync(C).get()).isInstanceOf(ExecutionException.class)
                        .hasMessageContaining("clients.pinQuota");
            }
            assertThat(node.count(GetEncoder.TEMPLATE_ID)).isEqualTo(before);
            assertThat(node.reader(0).isUnpinned()).isTrue();
        }
    }

    @Test
    void shouldReadOneSegmentAtATimeWhateverTheQuota() throws Exception {
        fill(0);
        try (TiercelClient client = connect()) {
            for (int round = 0; round < 3; round++) {
                for (Key key : new Key[]{A, B, C}) {
                    try (Frame frame = Objects.requireNonNull(client.get(key))) {
                        assertThat(frame.isMapped()).isTrue();
                    }
                }
            }
        }
    }

    private void fill(long quota) throws Exception {
        node.pinQuota = quota;
        node.put("a", bytes(LENGTH, 1), true);
        node.put("b", bytes(LENGTH, 2), true);
        node.put("c", bytes(LENGTH, 3), true);
    }
}
