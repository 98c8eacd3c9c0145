package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import io.tiercel.client.Frame;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node stopped and started over and over in one process leaves nothing behind. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class LifecycleSystemTest {
    private static final int ROUNDS = 100;

    @TempDir
    Path temp;

    @Test
    void shouldLeaveNoThreadDescriptorOrMappingBehind() {
        round(0);
        Set<String> threads = threads();
        long descriptors = descriptors();

        for (int i = 1; i <= ROUNDS; i++) {
            round(i);
        }

        Awaitility.await().pollInSameThread().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            System.gc();
            assertThat(mappings()).isEmpty();
            assertThat(threads()).isSubsetOf(threads);
            assertThat(descriptors()).isLessThanOrEqualTo(descriptors);
        });
    }

    private void round(int number) {
        NodeSettings settings = new NodeSettings.Context().dir(temp.resolve("node")).mappedCapacity(64L << 20)
                .profile(Profile.COMPACT).udpEndpoint("127.0.0.1:0").httpEndpoint("127.0.0.1:0")
                .mount("", URI.create("cache:/")).conclude();
        Key key = Key.of("k" + number);
        try (TiercelNode node = TiercelNode.launch(settings);
                TiercelClient client = TiercelClient.connect(new TiercelClient.Context().nodeDir(node.dir()))) {
            client.put(key, ByteBuffer.wrap(new byte[]{1, 2, 3}), PutOptions.DEFAULTS);
            try (Frame frame = client.get(key)) {
                assertThat(frame).isNotNull();
                assertThat(frame.isMapped()).isTrue();
            }
        }
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static long descriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Set<String> mappings() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(temp.toString()) || line.contains("/dev/shm/tiercel-"))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
