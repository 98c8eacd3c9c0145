package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import io.tiercel.client.Frame;
import io.tiercel.client.Mode;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import io.tiercel.shard.NodeStatus;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What mapped clients of a real node ask it while prefixes are invalidated: for what may be covered, and nothing else. */
class OtherInvalidationsSystemTest {
    private static final int KEYS = 64;
    private static final int INVALIDATIONS = 100;

    @TempDir
    Path dir;

    @Test
    void shouldAskTheNodeForNothingThatOtherPrefixesCover() throws Exception {
        try (TiercelNode node = launch(); TiercelClient writer = connect(); TiercelClient reader = connect()) {
            List<Key> keys = written(writer);
            assertThat(reader.mode()).isEqualTo(Mode.MAPPED);
            assertThat(found(reader, keys)).isEqualTo(KEYS);
            long before = asked(node);

            for (int i = 0; i < INVALIDATIONS; i++) {
                writer.invalidatePrefix(Key.of("storm/" + i));
                assertThat(found(reader, keys)).isEqualTo(KEYS);
            }

            // Of the entries of the filter a few are shared; which ones does not change from run to run.
            assertThat(asked(node) - before).as("of %d reads", KEYS * INVALIDATIONS).isLessThan(KEYS);
        }
    }

    @Test
    void shouldFindNothingThatIsCovered() throws Exception {
        try (TiercelNode node = launch(); TiercelClient writer = connect(); TiercelClient reader = connect()) {
            List<Key> keys = written(writer);
            assertThat(found(reader, keys)).isEqualTo(KEYS);

            writer.invalidatePrefix(keys.get(0));
            assertThat(found(reader, keys)).isEqualTo(KEYS - 1);
            writer.delete(keys.get(1));
            assertThat(found(reader, keys)).isEqualTo(KEYS - 2);
            writer.invalidatePrefix(Key.of("data/even"));
            assertThat(found(reader, keys)).isEqualTo(KEYS / 2 - 1);
            writer.invalidateAll();
            assertThat(found(reader, keys)).isZero();
            assertThat(node.commands().status().join().invalidation().epoch()).isGreaterThanOrEqualTo(3);
        }
    }

    private static List<Key> written(TiercelClient writer) {
        List<Key> keys = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            Key key = Key.of("data/" + (i % 2 == 0 ? "even/" : "odd/") + i);
            writer.put(key, ByteBuffer.allocate(64), PutOptions.DEFAULTS);
            keys.add(key);
        }
        return keys;
    }

    private static int found(TiercelClient reader, List<Key> keys) {
        Frame frame = new Frame();
        int found = 0;
        for (Key key : keys) {
            if (reader.get(key, frame)) {
                found++;
                frame.close();
            }
        }
        return found;
    }

    private TiercelNode launch() {
        return TiercelNode.launch(new NodeSettings.Context().dir(dir).mappedCapacity(64L << 20)
                .profile(Profile.COMPACT).udpEndpoint(NodeSettings.OFF).httpEndpoint(NodeSettings.OFF)
                .mount("", URI.create("cache:/")).conclude());
    }

    private TiercelClient connect() {
        return TiercelClient.connect(new TiercelClient.Context().nodeDir(dir));
    }

    /** Reads that the node was asked for. */
    private static long asked(TiercelNode node) {
        NodeStatus status = node.commands().status().join();
        return status.heap().hits() + status.mapped().hits() + status.mapped().misses();
    }
}
