package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import io.tiercel.client.Frame;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import io.tiercel.mapped.ControlFile;
import io.tiercel.node.Forger.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody else on the host answers a client's gets, with places and with bytes, while its node is stopped. The client
 * takes answers of its node's session and of no other.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ForgedDescriptorSystemTest {
    private static final Key KEY = Key.of("true");
    private static final Key OTHER = Key.of("other");
    private static final int LENGTH = 1_000;

    @TempDir
    Path dir;

    @Test
    void shouldTakeAnswersOfItsNodeAlone() throws Exception {
        try (ChildNode node = ChildNode.start(dir, 64L << 20); TiercelClient writer = connect(true)) {
            writer.put(KEY, ByteBuffer.wrap(value((byte) 1)), PutOptions.DEFAULTS);
            writer.put(OTHER, ByteBuffer.wrap(value((byte) 2)), PutOptions.DEFAULTS);
            try (Forger forger = new Forger(aeronDir()); TiercelClient client = connect(false)) {
                forger.connect();
                Place other = placeOf(forger, client, OTHER);

                assertIsRead(node, forger, client, get -> forger.answer(get.correlationId(), other));
                assertIsRead(node, forger, client, get -> forger.answer(get.correlationId(), value((byte) 2)));
                assertIsRead(node, forger, client, get -> forger.answer(get.correlationId(), new Place(-1, -64, -1, -1,
                        -1, -1, -1)));
            }
        }
    }

    /** The forger answers first, while the node is stopped, and is heard out; then the node does. */
    private static void assertIsRead(ChildNode node, Forger forger, TiercelClient client, Consumer<Forger.Get> forgery)
            throws Exception {
        forger.gets.clear();
        signal(node, "STOP");
        CompletableFuture<@Nullable Frame> read;
        try {
            read = client.getAsync(KEY);
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !forger.gets.isEmpty());
            Forger.Get get = Objects.requireNonNull(forger.gets.poll());
            assertThat(get.key()).isEqualTo(KEY.toString());
            forgery.accept(get);
            forger.awaitHeard();
            assertThat(read.isDone()).as("a stranger was believed").isFalse();
        } finally {
            signal(node, "CONT");
        }
        try (Frame frame = Objects.requireNonNull(read.get(60, TimeUnit.SECONDS))) {
            byte[] bytes = new byte[(int) frame.length()];
            frame.buffer().getBytes(0, bytes);
            assertThat(Arrays.equals(bytes, value((byte) 1))).as("its own bytes").isTrue();
            assertThat(frame.isMapped()).as("by the node's answer").isTrue();
        }
    }

    /** Where the node says that a frame lies, as the forger overhears it. */
    private static Place placeOf(Forger forger, TiercelClient client, Key key) {
        forger.gets.clear();
        Objects.requireNonNull(client.get(key)).close();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !forger.gets.isEmpty());
        long correlationId = Objects.requireNonNull(forger.gets.peek()).correlationId();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> forger.places.containsKey(correlationId));
        return Objects.requireNonNull(forger.places.get(correlationId));
    }

    private static void signal(ChildNode node, String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(node.pid())).start().waitFor()).isZero();
    }

    private static byte[] value(byte fill) {
        byte[] bytes = new byte[LENGTH];
        Arrays.fill(bytes, fill);
        return bytes;
    }

    /** Without a near cache each read asks; and a stopped node is not given up. */
    private TiercelClient connect(boolean streamed) {
        return TiercelClient.connect(new TiercelClient.Context().nodeDir(dir).streamed(streamed).nearCacheEntries(0)
                .livenessTimeoutNs(TimeUnit.MINUTES.toNanos(2)).connectTimeoutNs(TimeUnit.SECONDS.toNanos(30))
                .requestTimeoutNs(TimeUnit.SECONDS.toNanos(60)));
    }

    private String aeronDir() throws IOException {
        try (ControlFile control = ControlFile.open(dir.resolve("control"), false)) {
            return control.aeronDir();
        }
    }
}
