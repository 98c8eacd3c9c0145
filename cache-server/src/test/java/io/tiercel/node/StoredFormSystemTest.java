package io.tiercel.node;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tiercel.Key;
import io.tiercel.client.Frame;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was put is what lies in the segment, and what is mapped and sent, byte for byte, however well it would compress. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class StoredFormSystemTest {
    private static final Key KEY = Key.of("some/values");
    private static final int WARM_READS = 50_000;
    private static final int READS = 100_000;

    @TempDir
    Path temp;

    private TiercelNode node;

    @BeforeEach
    void launch() {
        node = TiercelNode.launch(new NodeSettings.Context().dir(temp.resolve("node")).mappedCapacity(64L << 20)
                .profile(Profile.COMPACT).udpEndpoint(NodeSettings.OFF).httpEndpoint(NodeSettings.OFF).mount(
                        MountSettings.cacheOnly("", 8 << 20)).conclude());
    }

    @AfterEach
    void close() {
        node.close();
    }

    private TiercelClient connect(boolean isStreamed) {
        return TiercelClient.connect(new TiercelClient.Context().nodeDir(node.dir()).streamed(isStreamed)
                .connectTimeoutNs(TimeUnit.MINUTES.toNanos(1)).requestTimeoutNs(TimeUnit.MINUTES.toNanos(1)));
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 4 << 10, 1 << 20})
    void shouldKeepMapAndSendWhatWasPut(int length) throws IOException {
        byte[] value = compressible(length);

        try (TiercelClient mapped = connect(false); TiercelClient streamed = connect(true)) {
            mapped.put(KEY, ByteBuffer.wrap(value), PutOptions.DEFAULTS);

            try (Frame frame = requireNonNull(mapped.get(KEY)); Frame sent = requireNonNull(streamed.get(KEY))) {
                assertThat(frame.isMapped()).isTrue();
                assertThat(liesInASegment(frame.address(), length)).as("the view is of a segment's mapping").isTrue();
                assertThat(bytes(frame)).isEqualTo(value);
                assertThat(sent.isMapped()).isFalse();
                assertThat(bytes(sent)).isEqualTo(value);
            }
        }

        assertThat(segments()).as("the bytes as they were put are in a segment file").anyMatch(file -> holds(file,
                value));
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 4 << 10, 1 << 20})
    void shouldAllocateNothingByAMappedHitOfAnyLength(int length) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Frame frame = new Frame();
        try (TiercelClient client = connect(false)) {
            client.put(KEY, ByteBuffer.wrap(compressible(length)), PutOptions.DEFAULTS);
            read(client, frame, WARM_READS);
            long before = threads.getCurrentThreadAllocatedBytes();

            read(client, frame, READS);

            assertThat(threads.getCurrentThreadAllocatedBytes() - before).as("bytes in " + READS + " reads").isLessThan(
                    READS);
        }
    }

    private static void read(TiercelClient client, Frame frame, int times) {
        for (int i = 0; i < times; i++) {
            if (!client.get(KEY, frame)) {
                throw new AssertionError("the frame is gone");
            }
            frame.close();
        }
    }

    /** A column of numbers that are nearly all the same. */
    private static byte[] compressible(int length) {
        byte[] value = new byte[length];
        byte[] head = "tiercel,".getBytes(StandardCharsets.US_ASCII);
        Arrays.fill(value, (byte) '0');
        System.arraycopy(head, 0, value, 0, head.length);
        return value;
    }

    private static byte[] bytes(Frame frame) {
        byte[] bytes = new byte[(int) frame.length()];
        frame.buffer().getBytes(0, bytes);
        return bytes;
    }

    private static boolean liesInASegment(long address, int length) throws IOException {
        try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
            return mappings.filter(line -> line.contains("/segments/")).anyMatch(line -> {
                String[] range = line.substring(0, line.indexOf(' ')).split("-", 2);
                return Long.compareUnsigned(Long.parseUnsignedLong(range[0], 16), address) <= 0
                        && Long.compareUnsigned(address + length, Long.parseUnsignedLong(range[1], 16)) <= 0;
            });
        }
    }

    private List<byte[]> segments() throws IOException {
        try (Stream<Path> files = Files.list(node.dir().resolve("segments"))) {
            return files.map(StoredFormSystemTest::read).toList();
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Payloads begin on 64 bytes. */
    private static boolean holds(byte[] file, byte[] value) {
        for (int at = 0; at + value.length <= file.length; at += 64) {
            if (Arrays.equals(file, at, at + value.length, value, 0, value.length)) {
                return true;
            }
        }
        return false;
    }
}
