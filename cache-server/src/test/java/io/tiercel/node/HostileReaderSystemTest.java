package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
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
    private TiercelClient honest;
    private Frame held;
    private TiercelClient hostile;
    private int slots;

    @BeforeEach
    void launch() throws IOException {
        node = TiercelNode.launch(new NodeSettings.Context().dir(dir).mappedCapacity(16L << 20).heapCapacity(0)
                .profile(Profile.COMPACT).udpEndpoint(NodeSettings.OFF).httpEndpoint(NodeSettings.OFF)
                .mount("", URI.create("cache:/")).conclude());
        honest = connect();
        honest.put(KEY, ByteBuffer.wrap(pattern()), PutOptions.DEFAULTS);
        held = Objects.requireNonNull(honest.get(KEY));
        hostile = connect();
        Objects.requireNonNull(hostile.get(KEY)).close();
        try (ControlFile control = ControlFile.open(dir.resolve("control"), false)) {
            slots = control.slotCapacity();
        }
    }

    @AfterEach
    void close() {
        hostile.close();
        held.close();
        honest.close();
        node.close();
    }

    @Test
    void shouldRevokeAClientThatReleasesWhatItNeverTook() throws IOException {
        try (ReaderFile file = hostileFile()) {
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
        try (MappedFile file = MappedFile.openWritable(dir.resolve("readers/1"))) {
            for (int slot = 0; slot < slots; slot++) {
                file.buffer().putLongVolatile(ReaderDescriptor.pinOffset(slot), 1L + slot);
            }

            assertHostileIsRevoked();
        }
        assertHeldAndServed();
    }

    @Test
    void shouldCountNoPinsBelowZero() throws IOException {
        try (MappedFile file = MappedFile.openWritable(dir.resolve("readers/1"))) {
            for (int slot = 0; slot < slots; slot++) {
                file.buffer().putLongVolatile(ReaderDescriptor.pinOffset(slot), slot % 2 == 0 ? -1L : Long.MIN_VALUE);
            }

            flood();

            assertThat(pinnedBytesOf(1)).isZero();
            assertThat(pinnedBytes()).as("the honest client's alone").isEqualTo(pinnedBytesOf(0));
        }
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
        try (MappedFile file = MappedFile.openWritable(dir.resolve("readers/1"))) {
            for (int round = 0; round < 20; round++) {
                byte[] garbage = new byte[ReaderDescriptor.fileLength(slots)];
                random.nextBytes(garbage);
                file.buffer().putBytes(0, garbage);
                flood();
            }
        }

        assertHeldAndServed();
    }

    @Test
    void shouldPassOverForgedTouchesAndCountHonestOnes() throws IOException {
        int[] places = {0, -1, -64, 4096, LENGTH, Integer.MAX_VALUE, Integer.MIN_VALUE};
        int[] forgedSlots = {0, 1, -1, slots - 1, slots, Integer.MAX_VALUE, Integer.MIN_VALUE};
        long[] generations = {-1, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE, generation(0), generation(1)};
        Random random = new Random(SEED);
        try (ReaderFile file = hostileFile()) {
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
            Objects.requireNonNull(hostile.get(KEY)).close();
        }
        await().untilAsserted(() -> assertThat(status().sessions().touches()).isPositive());
        assertHeldAndServed();
    }

    private long generation(int slot) throws IOException {
        try (ControlFile control = ControlFile.open(dir.resolve("control"), false)) {
            return control.generationVolatile(slot);
        }
    }

    private ReaderFile hostileFile() throws IOException {
        return ReaderFile.open(dir.resolve("readers/1"), slots);
    }

    private void assertHeldAndServed() {
        byte[] bytes = new byte[LENGTH];
        held.buffer().getBytes(0, bytes);
        assertThat(Arrays.equals(bytes, pattern())).as("bytes under the honest lease").isTrue();
        honest.put(Key.of("after"), ByteBuffer.wrap(new byte[]{7}), PutOptions.DEFAULTS);
        try (Frame frame = Objects.requireNonNull(honest.get(Key.of("after")))) {
            assertThat(frame.isMapped()).isTrue();
            assertThat(frame.buffer().getByte(0)).isEqualTo((byte) 7);
        }
    }

    /** More than the capacity, so that every segment that may be reused is. */
    private void flood() {
        byte[] other = new byte[200_000];
        Arrays.fill(other, (byte) 0xA5);
        for (int i = 0; i < 100; i++) {
            honest.put(Key.of("flood/" + i), ByteBuffer.wrap(other), PutOptions.DEFAULTS);
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
