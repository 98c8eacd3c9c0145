package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.mapped.FrameDescriptor;
import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.mapped.LockFile;
import io.tiercel.mapped.MappedFile;
import io.tiercel.mapped.ReaderFile;
import io.tiercel.mapped.SegmentDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory under a reader, in this process or behind a reader file, is never written again while it is pinned. */
class StorePinTest {
    private static final int LENGTH = 30_000;

    @TempDir
    Path dir;

    private final byte[] pattern = new byte[LENGTH];

    @BeforeEach
    void fill() {
        Arrays.fill(pattern, (byte) 0x5A);
    }

    @Test
    void shouldKeepTheBytesOfAPinnedFrameWhateverIsWritten() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            Pinned pinned = pinned(fixture, "pinned");

            churn(fixture, 400);

            assertPattern(pinned);
            assertThat(fixture.store.snapshot().mapped().pinnedBytes()).isEqualTo(StoreFixture.MIB / 4);
            fixture.store.unpin(pinned);
            assertThat(fixture.store.snapshot().leases().foreignReleases()).isZero();
            fixture.store.unpin(pinned);
            assertThat(fixture.store.snapshot().mapped().pinnedBytes()).isZero();
            assertThat(fixture.store.snapshot().leases().foreignReleases()).as("the second release").isOne();
            int slot = pinned.slot();
            long generation = pinned.generation();
            churn(fixture, 400);
            assertThat(fixture.store.control().generationVolatile(slot)).as("reused after").isGreaterThan(generation);
        }
    }

    @Test
    void shouldKeepAPinnedFrameThatIsInvalidatedAndOverwritten() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            Pinned pinned = pinned(fixture, "pinned");

            fixture.store.invalidate(Key.of("pinned"));
            fixture.put("pinned", "other");
            fixture.store.invalidateAll();
            churn(fixture, 400);

            assertPattern(pinned);
            assertThat(fixture.get("pinned")).isNull();
            fixture.store.unpin(pinned);
        }
    }

    @Test
    void shouldNeedNoPinForBytesOnTheHeap() {
        try (StoreFixture fixture = new StoreFixture(dir, 16 * StoreFixture.MIB, StoreFixture.MIB)) {
            fixture.put("small", "bytes");
            fixture.get("small");
            fixture.get("small");
            assertThat(fixture.get("small")).isEqualTo("bytes");
            assertThat(fixture.view.tier()).isEqualTo(Tier.HEAP);
            Pinned pinned = fixture.store.pin(fixture.view);

            assertThat(fixture.store.snapshot().mapped().pinnedBytes()).isZero();
            churn(fixture, 400);

            byte[] bytes = new byte[5];
            pinned.payloadByteBuffer().get(bytes);
            assertThat(bytes).asString().isEqualTo("bytes");
            assertThat(pinned.payloadByteBuffer().isReadOnly()).isTrue();
            fixture.store.unpin(pinned);
        }
    }

    @Test
    void shouldRefuseRoomAndGoOnReadingWhenAllIsPinned() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("k0", pattern);
            List<Pinned> pins = new ArrayList<>();
            StoreFixture.Outcome outcome = new StoreFixture.Outcome();
            for (int i = 1; outcome.code == null && i < 2000; i++) {
                fixture.bytes("k" + (i - 1));
                pins.add(fixture.store.pin(fixture.view));
                outcome = fixture.request(fixture.requestFor("k" + i, LENGTH));
                if (outcome.allocation != null) {
                    outcome.allocated().payload().putBytes(0, pattern);
                    StoreFixture.publish(outcome.allocated());
                }
            }

            assertThat(outcome.code).isEqualTo(ErrorCode.NO_SPACE);
            assertThat(outcome.message).contains("leases, reads and writes hold every segment");
            assertThat(pins.size()).as("nothing was evicted").isGreaterThan(16_000_000 / LENGTH / 2);
            assertThat(fixture.bytes("k0")).isEqualTo(pattern);
            assertThat(fixture.store.snapshot().mapped().refused()).isEqualTo(1);
            pins.forEach(this::assertPattern);

            pins.forEach(fixture.store::unpin);
            assertThat(fixture.put("later", pattern)).isTrue();
        }
    }

    @Test
    void shouldHonourTheLeasesOfAReaderUntilItIsGone() throws IOException {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("leased", pattern);
            fixture.bytes("leased");
            int slot = fixture.view.slot();
            int payloadOffset = fixture.view.payloadOffset();
            int frameOffset = fixture.view.frameOffset();
            long generation = fixture.view.generation();
            int number = fixture.store.grantReader();
            LockFile lock = Objects.requireNonNull(LockFile.tryAcquire(dir.resolve("readers/" + number + ".lock")));
            try (ReaderFile reader = ReaderFile.open(dir.resolve("readers/" + number),
                    fixture.store.control().slotCapacity());
                    MappedFile segment = MappedFile
                            .openReadOnly(dir.resolve("segments/" + SegmentDescriptor.fileName(slot)))) {
                assertThat(fixture.store.attachReader(number)).isTrue();
                reader.pin(slot);
                FrameFlyweight frame = new FrameFlyweight().wrap(segment.buffer(), frameOffset);
                assertThat(frame.stateVolatile()).isEqualTo(FrameDescriptor.LIVE);

                fixture.store.invalidate(Key.of("leased"));
                assertThat(frame.stateVolatile()).as("seen by the client at once")
                        .isEqualTo(FrameDescriptor.DEAD);
                churn(fixture, 400);
                fixture.store.releaseReader(number);
                churn(fixture, 200);

                assertThat(fixture.store.readerPinnedBytes(number)).isEqualTo(StoreFixture.MIB / 4);
                byte[] bytes = new byte[LENGTH];
                segment.buffer().getBytes(payloadOffset, bytes);
                assertThat(bytes).as("stopped reader, session over").isEqualTo(pattern);
            }
            lock.close();
            churn(fixture, 400);

            assertThat(fixture.store.readerPinnedBytes(number)).isZero();
            assertThat(fixture.store.control().generationVolatile(slot)).as("reused").isGreaterThan(generation + 1);
        }
    }

    @Test
    void shouldHonourTheLeasesOfAReaderLeftByANodeBefore() throws IOException {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("leased", pattern);
            fixture.bytes("leased");
            int slot = fixture.view.slot();
            int payloadOffset = fixture.view.payloadOffset();
            int number = fixture.store.grantReader();
            LockFile lock = Objects.requireNonNull(LockFile.tryAcquire(dir.resolve("readers/" + number + ".lock")));
            try (ReaderFile reader = ReaderFile.open(dir.resolve("readers/" + number),
                    fixture.store.control().slotCapacity());
                    MappedFile segment = MappedFile
                            .openReadOnly(dir.resolve("segments/" + SegmentDescriptor.fileName(slot)))) {
                reader.pin(slot);

                fixture.reopen();
                fixture.store.invalidateAll();
                churn(fixture, 400);

                byte[] bytes = new byte[LENGTH];
                segment.buffer().getBytes(payloadOffset, bytes);
                assertThat(bytes).isEqualTo(pattern);
                assertThat(fixture.store.grantReader()).isNotEqualTo(number);
            }
            lock.close();
        }
    }

    /** Reads and writes other keys until segments have been reused many times over. */
    private static void churn(StoreFixture fixture, int puts) {
        byte[] other = new byte[LENGTH];
        Arrays.fill(other, (byte) 0xA5);
        for (int i = 0; i < 10 * puts; i++) {
            fixture.put("churn" + i % 1000, other);
            fixture.turn(2);
        }
    }

    private Pinned pinned(StoreFixture fixture, String key) {
        fixture.put(key, pattern);
        assertThat(fixture.bytes(key)).isEqualTo(pattern);
        return fixture.store.pin(fixture.view);
    }

    private void assertPattern(Pinned pinned) {
        byte[] bytes = new byte[pinned.payloadLength()];
        pinned.payload().getBytes(0, bytes);
        assertThat(Arrays.equals(bytes, pattern)).as("slot=%d", pinned.slot()).isTrue();
    }
}
