package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tiercel.Key;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A hit allocates nothing, whichever way it is found. */
class StoreHitTest {
    private static final int KEYS = 500;
    private static final int FEW_KEYS = 20;
    private static final int ROUNDS = 100_000;

    @TempDir
    Path dir;

    private UnsafeBuffer[] keys = {};

    @Test
    void shouldAllocateNothingByAHitOnTheHeap() {
        try (StoreFixture fixture = filled(16 * StoreFixture.MIB, 100)) {
            assertThat(allocatedPerHit(fixture, Tier.HEAP)).isLessThan(0.5);
        }
    }

    @Test
    void shouldAllocateNothingByAHitInASegmentThroughTheIndex() {
        try (StoreFixture fixture = filled(0, 100)) {
            assertThat(allocatedPerHit(fixture, Tier.MAPPED)).isLessThan(0.5);
        }
    }

    @Test
    void shouldAllocateNothingByAHitInASegmentThroughTheHeap() {
        try (StoreFixture fixture = filled(16 * StoreFixture.MIB, HeapEntry.MAX_IMAGE_PAYLOAD_LENGTH + 1)) {
            assertThat(allocatedPerHit(fixture, Tier.MAPPED)).isLessThan(0.5);
            assertThat(fixture.store.snapshot().heap().entries()).isPositive();
        }
    }

    @Test
    void shouldAllocateNothingByAHitUnderManyPrefixes() {
        try (StoreFixture fixture = filled(0, 100)) {
            for (int i = 0; i < 1000; i++) {
                fixture.store.invalidatePrefix(Key.of("other/prefix" + i));
            }
            assertThat(allocatedPerHit(fixture, Tier.MAPPED)).isLessThan(0.5);
        }
    }

    /** Nothing is packed or unpacked: zeros, which compress well, cost no more when there are many. */
    @ParameterizedTest
    @CsvSource({"64, 0", "4096, 0", "1048576, 0", "64, 16", "4096, 16", "1048576, 16"})
    void shouldAllocateNothingByAHitOfAnyLength(int length, int heapMib) {
        boolean isImage = heapMib > 0 && length <= HeapEntry.MAX_IMAGE_PAYLOAD_LENGTH;
        try (StoreFixture fixture = filled(heapMib * StoreFixture.MIB, length, FEW_KEYS)) {
            assertThat(allocatedPerHit(fixture, isImage ? Tier.HEAP : Tier.MAPPED)).isLessThan(0.5);
        }
    }

    private StoreFixture filled(long heapCapacity, int length) {
        return filled(heapCapacity, length, KEYS);
    }

    private StoreFixture filled(long heapCapacity, int length, int count) {
        StoreFixture fixture = new StoreFixture(dir, 64 * StoreFixture.MIB, heapCapacity);
        keys = new UnsafeBuffer[count];
        for (int i = 0; i < count; i++) {
            String key = "some/folder/key-number-" + i;
            keys[i] = new UnsafeBuffer(key.getBytes(StandardCharsets.UTF_8));
            fixture.put(key, new byte[length]);
        }
        return fixture;
    }

    private double allocatedPerHit(StoreFixture fixture, Tier tier) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        hit(fixture, tier);
        long before = threads.getCurrentThreadAllocatedBytes();
        hit(fixture, tier);
        return (double) (threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS;
    }

    private void hit(StoreFixture fixture, Tier tier) {
        int hits = 0;
        for (int i = 0; i < ROUNDS; i++) {
            UnsafeBuffer key = keys[i % keys.length];
            hits += fixture.store.find(key, 0, key.capacity(), fixture.view) ? 1 : 0;
        }
        assertThat(hits).isEqualTo(ROUNDS);
        assertThat(fixture.view.tier()).isEqualTo(tier);
    }
}
