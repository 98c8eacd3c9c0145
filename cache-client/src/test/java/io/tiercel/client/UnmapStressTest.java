package io.tiercel.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A wrong step here is a crash of the JVM or a byte of another generation. */
@Timeout(120)
class UnmapStressTest extends NodeTestCase {
    private static final int LENGTH = 4_000;
    private static final boolean IS_FULL = Boolean.getBoolean("tiercel.full");

    @Test
    void shouldNeverReadMemoryThatIsGoneWhileFilesAreReplaced() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (TiercelClient client = connect()) {
            churn(stop, 0);
            List<Future<Integer>> readers = read(client, stop, 3);
            for (int round = 1; round < (IS_FULL ? 5_000 : 200); round++) {
                churn(stop, round);
            }
            stop.set(true);
            assertNoneWrong(readers);
            assertThat(node.reader(0).isUnpinned()).isTrue();
        }
    }

    @Test
    void shouldNeverReadMemoryThatIsGoneWhileTheClientCloses() throws Exception {
        churn(new AtomicBoolean(), 0);
        for (int round = 0; round < (IS_FULL ? 500 : 20); round++) {
            AtomicBoolean stop = new AtomicBoolean();
            TiercelClient client = connect();
            List<Future<Integer>> readers = read(client, stop, 3);
            client.close();
            stop.set(true);
            assertNoneWrong(readers);
            int reader = round;
            assertThat(node.reader(reader).isUnpinned()).isTrue();
            assertThat(node.lockIsHeld(reader)).isFalse();
        }
    }

    /** What reclaim does: raise the generation, and only when no pin is left poison, replace and fill the file. */
    private void churn(AtomicBoolean stop, int round) throws Exception {
        int slot = round % 4;
        node.run(() -> {
            node.segments.raiseGeneration(slot);
            return null;
        });
        while (!stop.get() && !isUnpinned(slot)) {
            Thread.onSpinWait();
        }
        node.run(() -> {
            if (round >= 4) {
                node.segments.file(slot).buffer().setMemory(64, FakeSegments.SEGMENT_LENGTH - 64, (byte) -1);
            }
            node.segments.create(slot, FakeSegments.SEGMENT_LENGTH);
            Key key = Key.of("k/" + slot);
            byte[] payload = filled((byte) (round % 100));
            Place place = node.segments.append(key, payload, "\"r\"", "", 0L);
            node.values.put(key.toString(), new FakeNode.Value(payload, "\"r\"", place));
            return null;
        });
    }

    private boolean isUnpinned(int slot) throws Exception {
        return node.run(() -> {
            for (int reader = 0; reader < node.readerCount(); reader++) {
                if (node.reader(reader).pinsVolatile(slot) != 0L) {
                    return false;
                }
            }
            return true;
        });
    }

    private static byte[] filled(byte value) {
        byte[] payload = new byte[LENGTH];
        java.util.Arrays.fill(payload, value);
        return payload;
    }

    private static List<Future<Integer>> read(TiercelClient client, AtomicBoolean stop, int count) {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        List<Future<Integer>> results = new ArrayList<>();
        for (int thread = 0; thread < count; thread++) {
            results.add(threads.submit(reader(client, stop)));
        }
        threads.shutdown();
        return results;
    }

    private static Callable<Integer> reader(TiercelClient client, AtomicBoolean stop) {
        return () -> {
            int wrong = 0;
            Frame frame = new Frame();
            for (int i = 0; !stop.get(); i++) {
                try {
                    if (client.get(Key.of("k/" + i % 4), frame)) {
                        wrong += isUniform(frame) ? 0 : 1;
                        frame.close();
                    }
                } catch (IllegalStateException | io.tiercel.TiercelException e) {
                    // The client was closed meanwhile, which ends this reader.
                    frame.close();
                    return wrong;
                }
            }
            return wrong;
        };
    }

    /** A frame is one value all over; -1 is what reclaimed memory holds. */
    private static boolean isUniform(Frame frame) {
        byte first = frame.buffer().getByte(0);
        if (first == -1 || frame.length() != LENGTH) {
            return false;
        }
        for (int i = 0; i < LENGTH; i++) {
            if (frame.buffer().getByte(i) != first) {
                return false;
            }
        }
        return true;
    }

    private static void assertNoneWrong(List<Future<Integer>> readers) throws Exception {
        for (Future<Integer> reader : readers) {
            assertThat(reader.get(30, TimeUnit.SECONDS)).isZero();
        }
    }
}
