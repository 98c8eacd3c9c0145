package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.client.Frame;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import io.tiercel.mapped.ControlFile;
import io.tiercel.mapped.MappedFile;
import io.tiercel.mapped.ReaderDescriptor;
import io.tiercel.mapped.ReaderFile;
import io.tiercel.shard.NodeStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a client writes into its own reader file, which the node believes nothing of: it costs that client its own leases
 * or its session, and nobody else a byte.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class HostileReaderSystemTest {
    private static final long SEED = Long.getLong("tiercel.seed", 42L);
    private static final Key KEY = Key.of("leased");
    private static final int LENGTH = 20_000;

    @TempDir
    Path dir;
    private TiercelNode node;
    /** Let go of in the end: what a client has mapped goes when nothing refers to it any more. */
    private @Nullable Actors actors;
    /** Of the hostile client, held open since the node removes the name of a revoked one's. */
    private MappedFile hostileFile;
    private int slots;
    private int heldSlot;

    /** The clients, and the frame that both hold. */
    private record Actors(TiercelClient honest, Frame held, TiercelClient hostile, Frame hostilelyHeld) {}

    @BeforeEach
    void launch() throws IOException {
        node = TiercelNode.launch(new NodeSettings.Context().dir(dir).mappedCapacity(16L << 20).heapCapacity(0)
                .profile(Profile.COMPACT).udpEndpoint(NodeSettings.OFF).httpEndpoint(NodeSettings.OFF)
                .mount("", URI.create("cache:/")).conclude());
        TiercelClient honest = connect();
        honest.put(KEY, ByteBuffer.wrap(pattern()), PutOptions.DEFAULTS);
        Frame held = Objects.requireNonNull(honest.get(KEY));
        TiercelClient hostile = connect();
        actors = new Actors(honest, held, hostile, Objects.requireNonNull(hostile.get(KEY)));
        try (ControlFile control = ControlFile.open(dir.resolve("control"), false)) {
            slots = control.slotCapacity();
        }
        hostileFile = MappedFile.openWritable(dir.resolve("readers/1"));
        while (hostileFile.buffer().getLongVolatile(ReaderDescriptor.pinOffset(heldSlot)) == 0) {
            heldSlot++;
        }
    }

    @AfterEach
    void close() {
        // A client gives its lock up with the last pin that its file shows, whoever wrote it.
        for (int slot = 0; slot < slots; slot++) {
            hostileFile.buffer().putLongVolatile(ReaderDescriptor.pinOffset(slot), slot == heldSlot ? 1 : 0);
        }
        hostileFile.close();
        actors().hostilelyHeld.close();
        actors().hostile.close();
        actors().held.close();
        actors().honest.close();
        actors = null;
        node.close();
    }

    private Actors actors() {
        return Objects.requireNonNull(actors);
    }

    @Test
    void shouldRevokeAClientThatReleasesWhatItNeverTook() throws IOException {
        try (ReaderFile file = hostileReader()) {
            for (int slot = 0; slot < slots; slot++) {
                file.unpin(slot);
                file.unpin(slot);
            }

            assertHostileIsRevoked();
        }
        assertHeldAndServed();
    }

    @Test
    void shouldRevokeAClientThatWritesPinsForEverythingIntoItsFile() throws IOException {
        for (int slot = 0; slot < slots; slot++) {
            hostileFile.buffer().putLongVolatile(ReaderDescriptor.pinOffset(slot), 1L + slot);
        }

        assertHostileIsRevoked();
        assertHeldAndServed();
    }

    @Test
    void shouldCountNoPinsBelowZero() throws IOException {
        for (int slot = 0; slot < slots; slot++) {
            long count = slot % 2 == 0 ? -1L : Long.MIN_VALUE;
            hostileFile.buffer().putLongVolatile(ReaderDescriptor.pinOffset(slot), count);
        }

        flood();

        assertThat(pinnedBytesOf(1)).isZero();
        assertThat(pinnedBytes()).as("the honest client's alone").isEqualTo(pinnedBytesOf(0));
        assertHeldAndServed();
    }

    private void assertHostileIsRevoked() {
        await().untilAsserted(() -> {
            flood();
            assertThat(status().sessions().revoked()).isOne();
        });
        await().untilAsserted(() -> assertThat(status().clients()).hasSize(1));

        flood();

        assertThat(pinnedBytes()).as("the honest client's alone").isEqualTo(pinnedBytesOf(0));
    }

    @Test
    void shouldServeOnWhateverIsWrittenIntoAReaderFile() throws IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < 20; round++) {
            byte[] garbage = new byte[ReaderDescriptor.fileLength(slots)];
            random.nextBytes(garbage);
            hostileFile.buffer().putBytes(0, garbage);
            flood();
        }

        assertHeldAndServed();
    }

    @Test
    void shouldPassOverForgedTouchesAndCountHonestOnes() throws IOException {
        int[] places = {0, -1, -64, 4096, LENGTH, Integer.MAX_VALUE, Integer.MIN_VALUE};
        int[] forgedSlots = {0, 1, -1, slots - 1, slots, Integer.MAX_VALUE, Integer.MIN_VALUE};
        long[] generations = {-1, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE, generation(0), generation(1)};
        Random random = new Random(SEED);
        try (ReaderFile file = hostileReader()) {
            long before = status().sessions().touches();
            for (int round = 0; round < 200; round++) {
                for (int i = 0; i < 64; i++) {
                    file.touch(forgedSlots[random.nextInt(forgedSlots.length)],
                            places[random.nextInt(places.length)],
                            generations[random.nextInt(generations.length)]);
                }
                assertThat(status().sessions().touches()).as("round=%d seed=%d", round, SEED).isEqualTo(before);
            }
        }

        for (int i = 0; i < 50; i++) {
            Objects.requireNonNull(actors().hostile.get(KEY)).close();
        }
        await().untilAsserted(() -> assertThat(status().sessions().touches()).isPositive());
        assertHeldAndServed();
    }

    private long generation(int slot) throws IOException {
        try (ControlFile control = ControlFile.open(dir.resolve("control"), false)) {
            return control.generationVolatile(slot);
        }
    }

    private ReaderFile hostileReader() throws IOException {
        return ReaderFile.open(dir.resolve("readers/1"), slots);
    }

    private void assertHeldAndServed() {
        byte[] bytes = new byte[LENGTH];
        actors().held.buffer().getBytes(0, bytes);
        assertThat(Arrays.equals(bytes, pattern())).as("bytes under the honest lease").isTrue();
        actors().honest.put(Key.of("after"), ByteBuffer.wrap(new byte[]{7}), PutOptions.DEFAULTS);
        try (Frame frame = Objects.requireNonNull(actors().honest.get(Key.of("after")))) {
            assertThat(frame.isMapped()).isTrue();
            assertThat(frame.buffer().getByte(0)).isEqualTo((byte) 7);
        }
    }

    /** More than the capacity, so that every segment that may be reused is; while forged pins count there may be none. */
    private void flood() {
        byte[] other = new byte[200_000];
        Arrays.fill(other, (byte) 0xA5);
        for (int i = 0; i < 100; i++) {
            try {
                actors().honest.put(Key.of("flood/" + i), ByteBuffer.wrap(other), PutOptions.DEFAULTS);
            } catch (TiercelException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE);
            }
        }
    }

    private static byte[] pattern() {
        byte[] bytes = new byte[LENGTH];
        Arrays.fill(bytes, (byte) 0x5A);
        return bytes;
    }

    private TiercelClient connect() {
        return TiercelClient.connect(new TiercelClient.Context().nodeDir(dir)
                .connectTimeoutNs(TimeUnit.SECONDS.toNanos(30)).requestTimeoutNs(TimeUnit.SECONDS.toNanos(30)));
    }

    private NodeStatus status() {
        return node.commands().status().join();
    }

    private long pinnedBytes() {
        return status().mapped().pinnedBytes();
    }

    private long pinnedBytesOf(int client) {
        return status().clients().stream().sorted((a, b) -> Long.compare(a.id(), b.id())).skip(client).findFirst()
                .orElseThrow().pinnedBytes();
    }

    private static ConditionFactory await() {
        return Awaitility.await().pollInSameThread().atMost(Duration.ofSeconds(60));
    }
}
