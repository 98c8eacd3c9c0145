package io.tiercel.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.ObjectInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartSizesTest {
    private static final long LARGEST = 5L << 40;

    @ParameterizedTest
    @ValueSource(longs = {1, 8 << 20, 1L << 30, 80L << 30, 1L << 40, LARGEST})
    void shouldFitAnyKnownLength(long length) {
        long size = PartSizes.sizeOf(length, 0);

        assertThat(size).isBetween(8L << 20, 5L << 30).isEqualTo(PartSizes.sizeOf(length, 9999));
        assertThat(size * PartSizes.MAX_PARTS).isGreaterThanOrEqualTo(length);
    }

    @Test
    void shouldFitTheLargestObjectOfUnknownLength() {
        long total = 0;
        int before = 0;
        for (int index = 0; index < PartSizes.MAX_PARTS; index++) {
            int size = PartSizes.sizeOf(ObjectInfo.UNKNOWN_LENGTH, index);
            assertThat(size).isGreaterThanOrEqualTo(before);
            before = size;
            total += size;
        }

        assertThat(total).isGreaterThanOrEqualTo(LARGEST);
        assertThat(PartSizes.sizeOf(ObjectInfo.UNKNOWN_LENGTH, 999)).isEqualTo(8 << 20);
    }
}
