package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.index.KeyHasher;
import io.tiercel.mapped.FrameDescriptor;
import io.tiercel.mapped.FrameFlyweight;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TieredStoreTest {
    @TempDir
    Path dir;

    @Test
    void shouldServeWhatWasPublished() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            assertThat(fixture.put("a/b", "hello")).isTrue();

            assertThat(fixture.get("a/b")).isEqualTo("hello");
            FrameView view = fixture.view;
            assertThat(view.tier()).isEqualTo(Tier.MAPPED);
            assertThat(view.contentType()).isEqualTo("text/plain");
            assertThat(view.etag()).isEqualTo(
                    new ContentHash().update(ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8))).etag());
            assertThat(text(view, view.etagOffset(), view.etagLength())).isEqualTo(view.etag());
            assertThat(text(view, view.contentTypeOffset(), view.contentTypeLength())).isEqualTo("text/plain");
            assertThat(view.payloadOffset() % FrameDescriptor.ALIGNMENT).isZero();
            assertThat(view.hasDescriptor()).isTrue();
            assertThat(view.fileGeneration()).isEqualTo(fixture.store.control().fileGenerationVolatile(view.slot()));
            assertThat(view.generation()).isEqualTo(fixture.store.control().generationVolatile(view.slot()));
            assertThat(view.fileLength()).isEqualTo(fixture.store.control().fileLength(view.slot()));
            assertThat(view.storedAtMs()).isEqualTo(fixture.clock.nowMs());
            assertThat(fixture.get("a/bc")).isNull();
            assertThat(fixture.get("a")).isNull();
        }
    }

    @Test
    void shouldServeNothingBeforePublication() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            Allocation allocation = fixture.allocate("a", new byte[10]);
            assertThat(fixture.get("a")).isNull();

            allocation.abort();
            allocation.abort();

            assertThat(fixture.get("a")).isNull();
            assertThatThrownBy(() -> allocation.publish(0, "")).isInstanceOf(IllegalStateException.class);
            assertThat(fixture.store.snapshot().mapped().outstandingAllocations()).isZero();
        }
    }

    @Test
    void shouldServeTheLatestAndMarkTheOldOneDead() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a", "one");
            fixture.get("a");
            DirectBuffer segment = fixture.view.buffer();
            int before = fixture.view.frameOffset();

            fixture.put("a", "two");

            assertThat(fixture.get("a")).isEqualTo("two");
            assertThat(segment.getInt(before + FrameDescriptor.STATE_OFFSET)).isEqualTo(FrameDescriptor.DEAD);
            assertThat(fixture.store.snapshot().mapped().entries()).isEqualTo(1);
        }
    }

    @Test
    void shouldServeWhatWasPublishedLastWhoeverBeganFirst() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            Allocation first = fixture.allocate("a", bytes("first"));
            Allocation second = fixture.allocate("a", bytes("second"));

            assertThat(StoreFixture.publish(second)).isTrue();
            assertThat(StoreFixture.publish(first)).isTrue();

            assertThat(fixture.get("a")).isEqualTo("first");
            fixture.reopen();
            assertThat(fixture.get("a")).isEqualTo("first");
        }
    }

    @Test
    void shouldServeAnEmptyPayloadAndTheLongestKey() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            String longest = "k".repeat(Key.MAX_LENGTH);
            fixture.put("empty", new byte[0]);
            fixture.put(longest, "v");

            assertThat(fixture.get("empty")).isEmpty();
            assertThat(fixture.get(longest)).isEqualTo("v");
        }
    }

    @Test
    void shouldDropAKeyAndWhatIsBeingWrittenForIt() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a", "one");
            Allocation writing = fixture.allocate("a", bytes("two"));

            assertThat(fixture.store.invalidate(Key.of("a"))).isTrue();
            assertThat(fixture.get("a")).isNull();
            assertThat(StoreFixture.publish(writing)).isFalse();
            assertThat(fixture.get("a")).isNull();
            assertThat(fixture.store.invalidate(Key.of("a"))).as("nothing there").isFalse();

            fixture.put("a", "three");
            assertThat(fixture.get("a")).isEqualTo("three");
        }
    }

    @Test
    void shouldDropAllThatIsBeingWrittenForAKeyInWhateverOrderOthersEnded() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            for (int[] order : new int[][]{{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}, {2, 0, 3, 1}}) {
                Allocation[] writing = new Allocation[4];
                for (int i = 0; i < writing.length; i++) {
                    writing[i] = fixture.allocate("key", new byte[]{1});
                }
                writing[order[0]].abort();
                StoreFixture.publish(writing[order[1]]);
                fixture.store.invalidate(Key.of("key"));

                assertThat(StoreFixture.publish(writing[order[2]])).as("%s", order).isFalse();
                assertThat(StoreFixture.publish(writing[order[3]])).as("%s", order).isFalse();
                assertThat(fixture.get("key")).isNull();
                assertThat(fixture.put("key", "new")).as("begun after").isTrue();
            }
        }
    }

    @Test
    void shouldDropAPrefixAndLoadsThatBeganBefore() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a/b/c", "one");
            fixture.put("a/bc", "other");
            long epoch = fixture.store.epoch();
            Allocation writing = fixture.allocate("a/b/d", bytes("two"));

            assertThat(fixture.store.invalidatePrefix(Key.of("a/b"))).isEqualTo(epoch + 1);

            assertThat(fixture.store.control().invalidationEpochVolatile()).isEqualTo(epoch + 1);
            assertThat(fixture.get("a/b/c")).isNull();
            assertThat(fixture.get("a/bc")).isEqualTo("other");
            assertThat(fixture.store.isStale(Key.of("a/b/d"), epoch)).isTrue();
            assertThat(fixture.store.isStale(Key.of("a/b/d"), epoch + 1)).isFalse();
            assertThat(fixture.store.isStale(Key.of("a/bc"), epoch)).isFalse();
            assertThat(StoreFixture.publish(writing)).isFalse();
            assertThat(fixture.get("a/b/d")).isNull();

            fixture.put("a/b/c", "three");
            assertThat(fixture.get("a/b/c")).isEqualTo("three");
        }
    }

    @Test
    void shouldDropEverything() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a", "one");
            Allocation writing = fixture.allocate("b", bytes("two"));

            fixture.store.invalidateAll();

            assertThat(fixture.get("a")).isNull();
            assertThat(StoreFixture.publish(writing)).isFalse();
            fixture.put("a", "three");
            assertThat(fixture.get("a")).isEqualTo("three");
        }
    }

    @Test
    void shouldStillRefuseOldLoadsAfterTheirPrefixIsForgotten() {
        try (StoreFixture fixture = new StoreFixture(dir, 16 * StoreFixture.MIB, StoreFixture.MIB)) {
            fixture.put("a/kept", "kept");
            Allocation writing = fixture.allocate("a/x", bytes("old"));
            fixture.put("b/y", "alive");
            hit(fixture, "b/y", 4);
            long epoch = fixture.store.epoch();
            fixture.store.invalidatePrefix(Key.of("a"));

            fixture.turn(5000);

            assertThat(fixture.store.snapshot().prefixes()).as("swept and forgotten").isZero();
            assertThat(fixture.store.isStale(Key.of("a/x"), epoch)).isTrue();
            assertThat(StoreFixture.publish(writing)).isFalse();
            assertThat(fixture.get("a/kept")).isNull();
            assertThat(fixture.get("b/y")).isEqualTo("alive");
        }
    }

    @Test
    void shouldNotServeFromTheHeapWhatAForgottenPrefixCovered() {
        try (StoreFixture fixture = new StoreFixture(dir, 16 * StoreFixture.MIB, StoreFixture.MIB)) {
            fixture.put("a/x", "old");
            hit(fixture, "a/x", 4);
            assertThat(fixture.view.tier()).isEqualTo(Tier.HEAP);
            fixture.store.invalidatePrefix(Key.of("a"));

            fixture.turn(5000);

            assertThat(fixture.store.snapshot().prefixes()).isZero();
            assertThat(fixture.get("a/x")).isNull();
        }
    }

    @Test
    void shouldExpireAtRead() {
        try (StoreFixture fixture = new StoreFixture(dir, 16 * StoreFixture.MIB, StoreFixture.MIB)) {
            FrameRequest request = new FrameRequest(Key.of("a"), 3, 0, "", 1000, 0, 0);
            Allocation allocation = fixture.request(request).allocated();
            allocation.payload().putBytes(0, bytes("one"));
            allocation.publish(0, "");
            hit(fixture, "a", 4);

            fixture.clock.advanceMs(999);
            assertThat(fixture.get("a")).isEqualTo("one");
            fixture.clock.advanceMs(1);

            assertThat(fixture.get("a")).isNull();
        }
    }

    @Test
    void shouldNotBelieveALifetimeThatBeginsInTheFuture() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            Allocation allocation = fixture.request(new FrameRequest(Key.of("a"), 0, 0, "", 1000, 0, 0)).allocated();
            allocation.publish(0, "");
            assertThat(fixture.get("a")).isNotNull();

            fixture.clock.advanceMs(-3_600_000);

            assertThat(fixture.get("a")).isNull();
        }
    }

    @Test
    void shouldPutOnTheHeapWhatIsReadAgain() {
        try (StoreFixture fixture = new StoreFixture(dir, 16 * StoreFixture.MIB, StoreFixture.MIB)) {
            fixture.put("a", "one");
            assertThat(fixture.get("a")).isEqualTo("one");
            assertThat(fixture.view.tier()).isEqualTo(Tier.MAPPED);
            fixture.get("a");

            assertThat(fixture.get("a")).isEqualTo("one");

            FrameView view = fixture.view;
            assertThat(view.tier()).isEqualTo(Tier.HEAP);
            assertThat(view.hasDescriptor()).as("and it still lies in its segment").isTrue();
            assertThat(view.etag()).hasSize(ContentHash.ETAG_LENGTH);
            TierSnapshot snapshot = fixture.store.snapshot();
            assertThat(snapshot.heap().entries()).isEqualTo(1);
            assertThat(snapshot.heap().hits()).isEqualTo(1);
            assertThat(snapshot.mapped().hits()).isEqualTo(2);
            assertThat(snapshot.heap().usedBytes()).isGreaterThan(HeapEntry.FIXED_WEIGHT);

            fixture.put("a", "two");
            assertThat(fixture.get("a")).isEqualTo("two");
            fixture.store.invalidate(Key.of("a"));
            assertThat(fixture.get("a")).isNull();
        }
    }

    @Test
    void shouldKeepPlacesOfLargeFramesOnTheHeap() {
        try (StoreFixture fixture = new StoreFixture(dir, 16 * StoreFixture.MIB, StoreFixture.MIB)) {
            fixture.put("large", new byte[100_000]);
            hit(fixture, "large", 3);

            assertThat(fixture.bytes("large")).hasSize(100_000);

            assertThat(fixture.view.tier()).isEqualTo(Tier.MAPPED);
            assertThat(fixture.store.snapshot().heap().entries()).isEqualTo(1);
            assertThat(fixture.store.snapshot().heap().usedBytes()).isLessThan(1000);
        }
    }

    @Test
    void shouldNotCountOrPromoteByAPeek() {
        try (StoreFixture fixture = new StoreFixture(dir, 16 * StoreFixture.MIB, StoreFixture.MIB)) {
            fixture.put("a", "one");
            DirectBuffer key = Key.of("a").buffer();
            for (int i = 0; i < 5; i++) {
                assertThat(fixture.store.peek(key, 0, 1, fixture.view)).isTrue();
            }

            TierSnapshot snapshot = fixture.store.snapshot();

            assertThat(snapshot.mapped().hits()).isZero();
            assertThat(snapshot.heap().entries()).isZero();
        }
    }

    @Test
    void shouldNeverExchangeBytesOfKeysWhoseHashesCollide() {
        KeyHasher constant = (_, _, _) -> 1L;
        StoreContext context = new StoreContext().dir(dir).mappedCapacity(16 * StoreFixture.MIB)
                .heapCapacity(StoreFixture.MIB).hasher(constant);
        try (StoreFixture fixture = new StoreFixture(context)) {
            fixture.put("a", "of a");
            hit(fixture, "a", 3);
            fixture.put("b", "of b");
            hit(fixture, "b", 3);

            assertThat(fixture.get("b")).isEqualTo("of b");
            assertThat(fixture.get("a")).isIn(null, "of a");
            assertThat(fixture.get("c")).isNull();
            fixture.store.invalidate(Key.of("a"));
            assertThat(fixture.get("a")).isNull();
        }
    }

    @Test
    void shouldRefuseWhatIsNoFrame() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            Key key = Key.of("a");
            assertThat(fixture.request(new FrameRequest(key, -1, 0, "", 0, 0, 0)).code)
                    .isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(fixture.request(new FrameRequest(key, 0, 256, "", 0, 0, 0)).code)
                    .isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(fixture.request(new FrameRequest(key, 0, 0, "x".repeat(256), 0, 0, 0)).code)
                    .isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(fixture.request(new FrameRequest(key, 0, 0, "ümlaut", 0, 0, 0)).code)
                    .isEqualTo(ErrorCode.INVALID_ARGUMENT);
            StoreFixture.Outcome large = fixture
                    .request(new FrameRequest(key, fixture.store.maxFrame() + 1, 0, "", 0, 0, 0));
            assertThat(large.code).isEqualTo(ErrorCode.TOO_LARGE);
            assertThat(large.message).contains("maxFrame=8388608");
            assertThat(fixture.request(new FrameRequest(key, Long.MAX_VALUE, 0, "", 0, 0, 0)).code)
                    .isEqualTo(ErrorCode.TOO_LARGE);
        }
    }

    @Test
    void shouldRefuseAnotherTagThanWasRequested() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            Allocation allocation = fixture.allocate("a", new byte[1]);

            assertThatThrownBy(() -> allocation.publish(0, "\"short\"")).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("etagLength=34");
            allocation.abort();
        }
    }

    @Test
    void shouldCountWeightByWhatAFrameTakes() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a", new byte[1]);
            fixture.get("a");
            FrameFlyweight frame = new FrameFlyweight().wrap((UnsafeBuffer) fixture.view.buffer(),
                    fixture.view.frameOffset());

            assertThat(fixture.view.weight()).isEqualTo(frame.frameLength() + Weights.INDEX_FOOTPRINT);
            assertThat(frame.frameLength()).isEqualTo(192);
        }
    }

    private static void hit(StoreFixture fixture, String key, int times) {
        for (int i = 0; i < times; i++) {
            fixture.get(key);
        }
    }

    private static String text(FrameView view, int offset, int length) {
        byte[] bytes = new byte[length];
        view.buffer().getBytes(offset, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
