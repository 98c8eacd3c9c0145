package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StoreContextTest {
    @Test
    void shouldRefuseBadValuesByNameAndValue() {
        assertRefused(new StoreContext(), "dir=none");
        assertRefused(context().heapCapacity(-1), "heapCapacity=-1");
        assertRefused(context().mappedCapacity(1 << 20), "mappedCapacity=1048576: expected at least 16777216");
        assertRefused(context().mappedCapacity(16 << 20).maxFrame(17 << 20), "maxFrame=17825792");
        assertRefused(context().mappedCapacity(4L << 30).maxFrame((1L << 30) + 1), "maxFrame=1073741825");
        assertRefused(context().maxReaders(-1), "maxReaders=-1");
        assertRefused(context().maxPrefixes(0), "maxPrefixes=0");
    }

    @Test
    void shouldTakeHalfOfTheCapacityAsLargestFrameButNeverMoreThanAGibibyte() {
        assertThat(context().mappedCapacity(16 << 20).conclude().maxFrame()).isEqualTo(8 << 20);
        assertThat(context().mappedCapacity(8L << 30).conclude().maxFrame()).isEqualTo(1 << 30);
        assertThat(context().maxFrame(5).conclude().maxFrame()).isEqualTo(5);
    }

    @Test
    void shouldNotChangeAfterItIsConcluded() {
        StoreContext context = context().conclude();

        assertThatThrownBy(() -> context.maxFrame(7)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldSizeSegmentsByTheCapacity() {
        assertThat(StoreSizes.segmentLength(16 << 20)).isEqualTo(256 << 10);
        assertThat(StoreSizes.segmentLength(1 << 30)).isEqualTo(4 << 20);
        assertThat(StoreSizes.segmentLength(16L << 30)).isEqualTo(64 << 20);
        assertThat(StoreSizes.segmentLength(1L << 40)).isEqualTo(64 << 20);
        assertThat(StoreSizes.segmentLength((128 << 20) + 12_345)).isEqualTo(512 << 10);
    }

    private static StoreContext context() {
        return new StoreContext().dir(Path.of("somewhere"));
    }

    private static void assertRefused(StoreContext context, String message) {
        assertThatThrownBy(context::conclude).hasMessageContaining(message).isInstanceOfSatisfying(
                TiercelException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_CONFIGURATION));
    }
}
