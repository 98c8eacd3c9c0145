package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.mapped.LockFile;
import io.tiercel.mapped.ReaderFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reader's leases may keep: two segments here. */
class StoreQuotaTest {
    private static final int LENGTH = 20_000;
    private static final long CAPACITY = 16 * StoreFixture.MIB;
    private static final long SEGMENT = StoreSizes.segmentLength(CAPACITY);
    private static final long QUOTA = 2 * SEGMENT;

    @TempDir
    Path dir;

    @Test
    void shouldRefuseALeaseThatAddsASegmentBeyondTheQuota() throws IOException {
        try (StoreFixture fixture = fixture(QUOTA); Reader reader = new Reader(fixture)) {
            List<Integer> slots = fill(fixture);
            reader.file.pin(slots.get(0));
            reader.file.pin(slots.get(1));
            fixture.turn(100);

            assertThat(refusal(fixture, reader, slots.get(2))).contains("pinnedBytes=" + QUOTA)
                    .contains("clients.pinQuota=" + QUOTA);
            assertThat(refusal(fixture, reader, slots.get(1))).as("it holds that one already").isEmpty();
            reader.file.unpin(slots.get(0));
            assertThat(refusal(fixture, reader, slots.get(2))).as("room again").isEmpty();
            assertThat(reader.file.pinQuota()).as("what its client was told").isEqualTo(QUOTA);
        }
    }

    @Test
    void shouldAllowOneSegmentWhateverTheQuota() throws IOException {
        try (StoreFixture fixture = fixture(0); Reader reader = new Reader(fixture)) {
            List<Integer> slots = fill(fixture);

            assertThat(refusal(fixture, reader, slots.get(0))).isEmpty();
            reader.file.pin(slots.get(0));
            fixture.turn(200);

            assertThat(fixture.store.isReaderRevoked(reader.number)).isFalse();
            assertThat(refusal(fixture, reader, slots.get(1))).contains("clients.pinQuota=0");
        }
    }

    @Test
    void shouldRevokeAReaderThatPinsBeyondItsQuota() throws IOException {
        try (StoreFixture fixture = fixture(QUOTA); Reader reader = new Reader(fixture)) {
            List<Integer> slots = fill(fixture);
            reader.file.pin(slots.get(0));
            reader.file.pin(slots.get(1));
            fixture.turn(200);
            assertThat(fixture.store.isReaderRevoked(reader.number)).as("within its quota").isFalse();

            reader.file.pin(slots.get(2));
            fixture.turn(200);

            assertThat(fixture.store.isReaderRevoked(reader.number)).isTrue();
            assertThat(fixture.store.readerPinnedBytes(reader.number)).isZero();
            assertThat(fixture.store.snapshot().mapped().pinnedBytes()).isZero();
            assertThat(fixture.store.attachReader(reader.number)).isFalse();
            assertThat(fixture.store.grantReader()).as("its lock is held").isNotEqualTo(reader.number);
            assertThat(dir.resolve("readers/" + reader.number)).doesNotExist();
            fixture.reopen();
            assertThat(fixture.store.snapshot().mapped().pinnedBytes()).as("for a later node neither").isZero();
        }
    }

    @Test
    void shouldHandOnTheNumberOfARevokedReaderThatIsGone() throws IOException {
        try (StoreFixture fixture = fixture(QUOTA)) {
            int number;
            try (Reader reader = new Reader(fixture)) {
                number = reader.number;
                fill(fixture).forEach(reader.file::pin);
                fixture.turn(200);
                assertThat(fixture.store.isReaderRevoked(number)).isTrue();
            }
            fixture.store.releaseReader(number);
            fixture.turn(50);

            assertThat(fixture.store.grantReader()).isEqualTo(number);
            assertThat(fixture.store.isReaderRevoked(number)).isFalse();
            assertThat(Files.exists(dir.resolve("readers/" + number))).isTrue();
        }
    }

    @Test
    void shouldKeepWhatAStoppedReaderOfANodeBeforePinned() throws IOException {
        try (StoreFixture fixture = fixture(4 * SEGMENT); Reader reader = new Reader(fixture)) {
            List<Integer> slots = fill(fixture);
            slots.subList(0, 4).forEach(reader.file::pin);

            fixture.store.close();
            fixture.store = TieredStore.open(context(QUOTA).clock(fixture.clock).conclude());
            fixture.turn(500);

            assertThat(fixture.store.readerPinnedBytes(reader.number)).as("granted under another quota")
                    .isEqualTo(4 * SEGMENT);
        }
    }

    private StoreFixture fixture(long quota) {
        return new StoreFixture(context(quota));
    }

    private StoreContext context(long quota) {
        return new StoreContext().dir(dir).mappedCapacity(CAPACITY).heapCapacity(0)
                .pinQuota(quota);
    }

    /** Puts frames until five segments have some; answers their slots. */
    private static List<Integer> fill(StoreFixture fixture) {
        List<Integer> slots = new ArrayList<>();
        for (int i = 0; slots.size() < 5; i++) {
            fixture.put("k" + i, new byte[LENGTH]);
            fixture.bytes("k" + i);
            if (!slots.contains(fixture.view.slot())) {
                slots.add(fixture.view.slot());
            }
        }
        return slots;
    }

    private static String refusal(StoreFixture fixture, Reader reader, int slot) {
        UnsafeBuffer key = new UnsafeBuffer(new byte[0]);
        for (int i = 0; i < 100; i++) {
            key.wrap(("k" + i).getBytes(StandardCharsets.US_ASCII));
            if (fixture.store.peek(key, 0, key.capacity(), fixture.view) && fixture.view.slot() == slot) {
                return fixture.store.leaseRefusal(reader.number, fixture.view);
            }
        }
        throw new AssertionError("no frame in slot=" + slot);
    }

    /** A client's side, without its library: it pins what it likes. */
    private final class Reader implements AutoCloseable {
        final int number;
        final LockFile lock;
        final ReaderFile file;

        Reader(StoreFixture fixture) throws IOException {
            number = fixture.store.grantReader();
            lock = Objects.requireNonNull(LockFile.tryAcquire(dir.resolve("readers/" + number + ".lock")));
            file = ReaderFile.open(dir.resolve("readers/" + number), fixture.store.control().slotCapacity());
            assertThat(fixture.store.attachReader(number)).isTrue();
        }

        @Override
        public void close() throws IOException {
            file.close();
            lock.close();
        }
    }
}
