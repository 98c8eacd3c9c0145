package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.client.Frame;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 in the middle of puts and invalidations, over and over on one directory. After each restart every key has
 * the version that was acknowledged last, or one that was on its way when the node died; what was invalidated is gone.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class KillSystemTest {
    private static final int QUICK_KILLS = 6;
    private static final int FULL_KILLS = 200;
    private static final int KEYS = 40;
    private static final int PIPELINE = 8;

    /** Versions that a key may have: from the one acknowledged last to the one begun last, or none. */
    private static final class Expected {
        int floor = 1;
        int latest;
        boolean mayBeAbsent = true;

        void acknowledged(int version) {
            floor = version;
            mayBeAbsent = false;
        }

        void invalidated() {
            floor = latest + 1;
            mayBeAbsent = true;
        }

        boolean allows(int version) {
            return version == 0 ? mayBeAbsent : version >= floor && version <= latest;
        }
    }

    private record Pending(Expected expected, int version, CompletableFuture<?> done) {}

    @TempDir
    Path dir;

    private final Map<Key, Expected> model = new HashMap<>();
    private final Queue<Pending> pending = new ArrayDeque<>();

    @Test
    void shouldHaveEveryAcknowledgedFrameAfterEachKill() throws Exception {
        long seed = Long.getLong("tiercel.seed", System.nanoTime());
        int kills = Boolean.getBoolean("tiercel.full") ? FULL_KILLS : QUICK_KILLS;
        Random random = new Random(seed);
        for (int kill = 0; kill < kills; kill++) {
            try (ChildNode node = ChildNode.start(dir, 256L << 20)) {
                try (TiercelClient client = node.connect(kill % 2 == 0)) {
                    verify(client, "seed=" + seed + " kill=" + kill);
                    int operations = 50 + random.nextInt(400);
                    for (int i = 0; i < operations; i++) {
                        operate(client, random);
                    }
                    node.kill();
                    settle();
                }
            }
        }
        try (ChildNode node = ChildNode.start(dir, 256L << 20); TiercelClient client = node.connect(false)) {
            verify(client, "seed=" + seed + " at the end");
        }
    }

    private void operate(TiercelClient client, Random random) {
        Key key = Key.of("k/" + random.nextInt(KEYS));
        Expected expected = model.computeIfAbsent(key, k -> new Expected());
        if (random.nextInt(10) == 0) {
            await();
            client.invalidate(key);
            expected.invalidated();
            return;
        }
        if (pending.stream().anyMatch(put -> put.expected == expected)) {
            await();
        }
        int version = ++expected.latest;
        byte[] bytes = content(key, version);
        pending.add(new Pending(expected, version, client.putAsync(key, ByteBuffer.wrap(bytes), PutOptions.DEFAULTS)));
        if (pending.size() > PIPELINE) {
            acknowledge(pending.remove());
        }
    }

    private static void acknowledge(Pending put) {
        put.done.join();
        put.expected.acknowledged(put.version);
    }

    private void await() {
        while (!pending.isEmpty()) {
            acknowledge(pending.remove());
        }
    }

    /** The node is dead: what was acknowledged before it died counts, the rest may or may not have happened. */
    private void settle() {
        for (Pending put : pending) {
            try {
                acknowledge(put);
            } catch (CompletionException e) {
                assertThat(e.getCause()).isInstanceOf(TiercelException.class);
            }
        }
        pending.clear();
    }

    private void verify(TiercelClient client, String context) {
        model.forEach((key, expected) -> {
            int version = 0;
            try (Frame frame = client.get(key)) {
                if (frame != null) {
                    byte[] bytes = new byte[(int) frame.length()];
                    frame.buffer().getBytes(0, bytes);
                    version = ByteBuffer.wrap(bytes).getInt();
                    assertThat(bytes).as("%s key=%s version=%d", context, key, version).isEqualTo(content(key,
                            version));
                }
            }
            assertThat(expected.allows(version)).as("%s key=%s version=%d floor=%d latest=%d", context, key, version,
                    expected.floor, expected.latest).isTrue();
            if (version > 0) {
                expected.acknowledged(version);
            }
        });
    }

    private static byte[] content(Key key, int version) {
        Random random = new Random(31L * key.hashCode() + version);
        byte[] bytes = new byte[4 + random.nextInt(random.nextInt(10) == 0 ? 300_000 : 5_000)];
        random.nextBytes(bytes);
        ByteBuffer.wrap(bytes).putInt(version);
        return bytes;
    }
}
