package io.tiercel.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.mapped.ReaderDescriptor;
import io.tiercel.mapped.ReaderFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Threads that pin as repeat reads do, under the eyes of a node that sums what it sees. */
@Timeout(120)
class PinQuotaStressTest {
    private static final int SLOTS = 16;
    private static final int SEGMENT_LENGTH = 100;
    private static final int QUOTA = 3 * SEGMENT_LENGTH;
    private static final int LOOKS = Boolean.getBoolean("tiercel.full") ? 20_000_000 : 200_000;

    @TempDir
    Path dir;

    @Test
    void shouldNeverBeSeenBeyondTheQuota() throws Exception {
        Path path = dir.resolve("0");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(ReaderDescriptor.fileLength(SLOTS));
        }
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (ReaderFile node = ReaderFile.create(path, SLOTS, 0, 1, QUOTA); ReaderFile file = open(path)) {
            PinQuota quota = new PinQuota(file);
            AtomicBoolean stop = new AtomicBoolean();
            List<Future<Integer>> refusals = new ArrayList<>();
            for (int thread = 0; thread < 3; thread++) {
                refusals.add(threads.submit(reader(file, quota, stop, thread)));
            }

            int settled = look(node);

            stop.set(true);
            int refused = 0;
            for (Future<Integer> reader : refusals) {
                refused += reader.get(60, TimeUnit.SECONDS);
            }
            assertThat(settled).as("looks under which no slot was opened").isPositive();
            assertThat(refused).as("the quota was reached").isPositive();
            assertThat(node.isUnpinned()).isTrue();
        } finally {
            threads.shutdownNow();
            assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** What the node does, over and over. */
    private static int look(ReaderFile node) {
        int settled = 0;
        for (int look = 0; look < LOOKS; look++) {
            long openings = node.openingsVolatile();
            int pinned = 0;
            for (int slot = 0; slot < SLOTS; slot++) {
                pinned += node.pinsVolatile(slot) > 0L ? 1 : 0;
            }
            if (node.openingsVolatile() == openings) {
                settled++;
                assertThat(pinned * SEGMENT_LENGTH).isLessThanOrEqualTo(QUOTA);
            }
        }
        return settled;
    }

    /** Holds two leases at a time, so that three threads want six segments of the three that they may have. */
    private static Callable<Integer> reader(ReaderFile file, PinQuota quota, AtomicBoolean stop, int seed) {
        return () -> {
            Random random = new Random(seed);
            int refused = 0;
            while (!stop.get() || refused == 0) {
                int first = random.nextInt(SLOTS);
                if (tryPin(file, quota, first)) {
                    int second = random.nextInt(SLOTS);
                    if (tryPin(file, quota, second)) {
                        file.unpin(second);
                    } else {
                        refused++;
                    }
                    file.unpin(first);
                } else {
                    refused++;
                }
            }
            return refused;
        };
    }

    /** As a repeat read does. */
    private static boolean tryPin(ReaderFile file, PinQuota quota, int slot) {
        if (file.pin(slot)) {
            return true;
        }
        file.unpin(slot);
        try {
            quota.pin(slot, SEGMENT_LENGTH, Key.of("k"));
            return true;
        } catch (TiercelException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE);
            return false;
        }
    }

    private static ReaderFile open(Path path) throws IOException {
        return ReaderFile.open(path, SLOTS);
    }
}
