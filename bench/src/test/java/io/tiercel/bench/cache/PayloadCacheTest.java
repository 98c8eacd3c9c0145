package io.tiercel.bench.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.Key;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every system answers alike: or their figures could not be compared. */
@Timeout(60)
class PayloadCacheTest {
    private static final int PAYLOAD_LENGTH = 1024;
    private static final Key KEY = Key.of("bench/key/1");
    private static final Key OTHER = Key.of("bench/key/2");

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void shouldReadWhatWasPutLast(CacheSystem system) {
        try (PayloadCache cache = open(system, PAYLOAD_LENGTH)) {
            cache.put(KEY, payload(1));
            cache.put(OTHER, payload(2));
            cache.put(KEY, payload(3));

            assertThat(hits(cache, KEY, 3)).isTrue();
            assertThat(hits(cache, OTHER, 2)).isTrue();
            assertThat(hits(cache, KEY, 1)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldMissWhatWasNeverPut(CacheSystem system) {
        try (PayloadCache cache = open(system, PAYLOAD_LENGTH)) {
            cache.put(OTHER, payload(1));

            assertThat(hits(cache, KEY, 1)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepACopy(CacheSystem system) {
        try (PayloadCache cache = open(system, PAYLOAD_LENGTH)) {
            UnsafeBuffer payload = payload(1);
            cache.put(KEY, payload);

            payload.putLong(0, 2);

            assertThat(hits(cache, KEY, 1)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldTakeLargePayloads(CacheSystem system) {
        int length = 1 << 20;
        try (PayloadCache cache = open(system, length)) {
            UnsafeBuffer payload = new UnsafeBuffer(ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder()));
            payload.putLong(0, 7);

            cache.put(KEY, payload);

            assertThat(hits(cache, KEY, 7)).isTrue();
        }
    }

    @Test
    void shouldRefusePayloadsWithoutRoomForAStamp() {
        assertThatThrownBy(() -> new CacheRoom(1, 8, 7, folder)).hasMessage("payloadLength=7 expected at least 8");
    }

    private PayloadCache open(CacheSystem system, int payloadLength) {
        return system.open(new CacheRoom(2, KEY.length(), payloadLength, folder));
    }

    /** Our heap tier takes a payload in at its second read. */
    private static boolean hits(PayloadCache cache, Key key, long stamp) {
        boolean isFirst = cache.read(key, stamp);
        boolean isSecond = cache.read(key, stamp);
        return isFirst || isSecond || cache.read(key, stamp);
    }

    private static UnsafeBuffer payload(long stamp) {
        UnsafeBuffer payload = new UnsafeBuffer(
                ByteBuffer.allocateDirect(PAYLOAD_LENGTH).order(ByteOrder.nativeOrder()));
        payload.putLong(0, stamp);
        return payload;
    }
}
