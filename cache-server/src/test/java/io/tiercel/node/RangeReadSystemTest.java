package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.client.Frame;
import io.tiercel.client.Mode;
import io.tiercel.client.ObjectStream;
import io.tiercel.client.PutOptions;
import io.tiercel.client.PutResult;
import io.tiercel.client.TiercelClient;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class RangeReadSystemTest {
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final byte[] BYTES = new byte[1_000_000];

    @TempDir
    private static Path dir;

    private static TiercelNode node;

    @BeforeAll
    static void launch() {
        new Random(5).nextBytes(BYTES);
        node = TiercelNode.launch(new NodeSettings.Context().dir(dir).mappedCapacity(64 << 20)
                .udpEndpoint("127.0.0.1:0").mount("", URI.create("cache:/")).conclude());
    }

    @AfterAll
    static void close() {
        node.close();
    }

    private static TiercelClient connect(Mode mode) {
        TiercelClient.Context context = new TiercelClient.Context().requestTimeoutNs(TIMEOUT_NS);
        return TiercelClient.connect(switch (mode) {
            case MAPPED -> context.nodeDir(node.dir());
            case IPC -> context.nodeDir(node.dir()).streamed(true);
            case UDP -> context.udp(node.udpEndpoint());
        });
    }

    private static Key put(TiercelClient client, Mode mode) {
        Key key = Key.of("ranges/" + mode);
        client.put(key, ByteBuffer.wrap(BYTES), PutOptions.DEFAULTS.contentType("x/y"));
        return key;
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void shouldReadRangesOfWhatIsCached(Mode mode) {
        try (TiercelClient client = connect(mode)) {
            Key key = put(client, mode);
            int[][] ranges = {{0, 10}, {0, 1_000_000}, {999_999, 1}, {123_457, 654_321}, {500_000, 9_000_000}, {7, 0}};

            for (int[] range : ranges) {
                try (Frame frame = present(client.getRange(key, range[0], range[1]))) {
                    int end = Math.min(BYTES.length, range[0] + range[1]);
                    assertThat(frame).isNotNull();
                    assertThat(bytesOf(frame)).isEqualTo(Arrays.copyOfRange(BYTES, range[0], end));
                    assertThat(frame.offset()).isEqualTo(range[0]);
                    assertThat(frame.objectLength()).isEqualTo(BYTES.length);
                    assertThat(frame.contentType()).isEqualTo("x/y");
                    assertThat(frame.isMapped()).isEqualTo(mode == Mode.MAPPED);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void shouldTellTheLengthBehindTheEnd(Mode mode) {
        try (TiercelClient client = connect(mode)) {
            Key key = put(client, mode);

            try (Frame frame = present(client.getRange(key, 5_000_000, 10))) {
                assertThat(frame).isNotNull();
                assertThat(frame.length()).isZero();
                assertThat(frame.objectLength()).isEqualTo(BYTES.length);
            }
            assertThat(client.getRange(Key.of("ranges/none"), 0, 1)).isNull();
            assertThat(client.openStream(Key.of("ranges/none"))).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void shouldReadNoOtherVersionThanIsAskedFor(Mode mode) {
        try (TiercelClient client = connect(mode)) {
            Key key = Key.of("versions/" + mode);
            PutResult first = client.put(key, ByteBuffer.wrap(new byte[100]), PutOptions.DEFAULTS);
            try (Frame frame = present(client.getRange(key, 0, 1, first.etag(), TIMEOUT_NS))) {
                assertThat(frame).isNotNull();
            }
            client.put(key, ByteBuffer.wrap(new byte[101]), PutOptions.DEFAULTS);

            assertThatThrownBy(() -> client.getRange(key, 0, 1, first.etag(), TIMEOUT_NS)).isInstanceOfSatisfying(
                    TiercelException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PRECONDITION_FAILED));
            // The same from what the client remembers of the frame.
            assertThat(client.get(key)).satisfies(frame -> frame.close());
            assertThatThrownBy(() -> client.getRange(key, 0, 1, first.etag(), TIMEOUT_NS)).isInstanceOfSatisfying(
                    TiercelException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PRECONDITION_FAILED));
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void shouldStreamAnObjectAndARangeOfIt(Mode mode) throws Exception {
        try (TiercelClient client = connect(mode)) {
            Key key = put(client, mode);

            try (ObjectStream whole = present(client.openStream(key));
                    ObjectStream range = present(client.openStream(key, 400_000, 100_001, TIMEOUT_NS))) {
                assertThat(whole.objectLength()).isEqualTo(BYTES.length);
                assertThat(whole.contentType()).isEqualTo("x/y");
                assertThat(whole.readAllBytes()).isEqualTo(BYTES);
                assertThat(whole.left()).isZero();
                assertThat(range.readAllBytes()).isEqualTo(Arrays.copyOfRange(BYTES, 400_000, 500_001));
            }
        }
    }

    @Test
    void shouldLeaveRangesWhereTheyLie() {
        try (TiercelClient client = connect(Mode.MAPPED)) {
            Key key = put(client, Mode.MAPPED);

            try (Frame whole = present(client.get(key)); Frame range = present(client.getRange(key, 1000, 50))) {
                assertThat(range.isMapped()).isTrue();
                assertThat(range.address()).isEqualTo(whole.address() + 1000);
                assertThat(range.byteBuffer().remaining()).isEqualTo(50);
                assertThat(range.byteBuffer().get(49)).isEqualTo(BYTES[1049]);
            }
            try (Frame again = present(client.get(key))) {
                assertThat(again.length()).isEqualTo(BYTES.length);
            }
        }
    }

    @Test
    void shouldRefuseRangesBelowZero() {
        try (TiercelClient client = connect(Mode.IPC)) {
            assertThatThrownBy(() -> client.getRange(Key.of("k"), -1, 1)).isInstanceOf(TiercelException.class)
                    .hasMessageContaining("offset=-1");
            assertThatThrownBy(() -> client.openStream(Key.of("k"), 0, -1, TIMEOUT_NS)).isInstanceOf(
                    TiercelException.class).hasMessageContaining("length=-1");
        }
    }

    private static byte[] bytesOf(Frame frame) {
        byte[] bytes = new byte[(int) frame.length()];
        frame.buffer().getBytes(0, bytes);
        return bytes;
    }

    private static <T> T present(@Nullable T read) {
        return Objects.requireNonNull(read, "the object is absent");
    }
}
