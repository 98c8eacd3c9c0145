package io.tiercel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.tiercel.Key;
import io.tiercel.wire.codec.InvalidateEncoder;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MappedReadSystemTest extends NodeTestCase {
    private static final Key KEY = Key.of("a/b");

    @Test
    void shouldReadWhereTheFrameLies() throws Exception {
        byte[] payload = bytes(5000, 1);
        Place place = node.put("a/b", payload, true);
        try (TiercelClient client = connect(); Frame frame = Objects.requireNonNull(client.get(KEY))) {
            assertThat(client.mode()).isEqualTo(Mode.MAPPED);
            assertThat(frame.isMapped()).isTrue();
            assertThat(frame.length()).isEqualTo(5000);
            assertThat(frame.contentType()).isEqualTo("text/plain");
            assertThat(frame.etag()).startsWith("\"").endsWith("\"");
            assertThat(frame.address() % 64).isZero();
            assertThat(copy(frame)).isEqualTo(payload);

            byte changed = (byte) (payload[0] + 1);
            int offset = place.frameOffset() + 64 + 64;
            node.run(() -> {
                node.segments.file(place.slot()).buffer().putByte(offset, changed);
                return null;
            });

            assertThat(frame.byteBuffer().get(0)).as("the view is the node's own memory").isEqualTo(changed);
        }
    }

    @Test
    void shouldRepeatAReadWithoutTheNode() throws Exception {
        node.put("a/b", bytes(100, 1), true);
        Frame frame = new Frame();
        try (TiercelClient client = connect()) {
            assertThat(client.get(KEY, frame)).isTrue();
            frame.close();
            int before = gets();

            for (int i = 0; i < 100; i++) {
                assertThat(client.get(KEY, frame)).isTrue();
                assertThat(copy(frame)).isEqualTo(bytes(100, 1));
                frame.close();
            }

            assertThat(gets()).isEqualTo(before).isEqualTo(1);
        }
    }

    @Test
    void shouldAllocateNothingOnARepeatRead() throws Exception {
        assertAllocatesNothing(MappedReadSystemTest::readOften);
    }

    /** Reads again and again. */
    private interface Reads {
        void often(TiercelClient client, Frame frame, int times);
    }

    private void assertAllocatesNothing(Reads reads) throws Exception {
        node.put("a/b", bytes(100, 1), true);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Frame frame = new Frame();
        try (TiercelClient client = connect()) {
            reads.often(client, frame, 50_000);
            long before = threads.getCurrentThreadAllocatedBytes();

            reads.often(client, frame, 100_000);

            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated).as("bytes in 100,000 reads").isLessThan(100_000L);
            assertThat(gets()).isEqualTo(1);
        }
    }

    private static void readOften(TiercelClient client, Frame frame, int times) {
        for (int i = 0; i < times; i++) {
            if (!client.get(KEY, frame)) {
                throw new AssertionError("frame is gone");
            }
            frame.close();
        }
    }

    @Test
    void shouldAskAgainWhenTheFrameDied() throws Exception {
        node.put("a/b", bytes(100, 1), true);
        try (TiercelClient client = connect()) {
            Objects.requireNonNull(client.get(KEY)).close();

            node.put("a/b", bytes(200, 2), true);

            try (Frame frame = Objects.requireNonNull(client.get(KEY))) {
                assertThat(copy(frame)).isEqualTo(bytes(200, 2));
            }
        }
    }

    @Test
    void shouldFindOutItselfThatAnotherPrefixWasInvalidated() throws Exception {
        node.control.beginIncarnation(node.incarnation());
        node.put("a/b", bytes(100, 1), true);
        try (TiercelClient client = connect()) {
            Objects.requireNonNull(client.get(KEY)).close();

            for (int i = 0; i < 50; i++) {
                client.invalidatePrefix(Key.of("other/" + i));
                try (Frame frame = Objects.requireNonNull(client.get(KEY))) {
                    assertThat(frame.isMapped()).isTrue();
                }
            }

            assertThat(node.count(InvalidateEncoder.TEMPLATE_ID)).isEqualTo(50);
            assertThat(gets()).as("once at first").isEqualTo(1);
        }
    }

    @Test
    void shouldAskAgainWhenAPrefixOfTheKeyWasInvalidated() throws Exception {
        node.control.beginIncarnation(node.incarnation());
        node.put("a/b", bytes(100, 1), true);
        try (TiercelClient client = connect()) {
            Objects.requireNonNull(client.get(KEY)).close();

            for (String prefix : List.of("a", "a/b", "other")) {
                client.invalidatePrefix(Key.of(prefix));
                Objects.requireNonNull(client.get(KEY)).close();
                Objects.requireNonNull(client.get(KEY)).close();
            }

            assertThat(gets()).as("once at first, once after each that covers it").isEqualTo(3);
        }
    }

    @Test
    void shouldAllocateNothingWhenAnotherPrefixWasInvalidated() throws Exception {
        node.control.beginIncarnation(node.incarnation());
        assertAllocatesNothing(this::readOftenInAStorm);
    }

    private void readOftenInAStorm(TiercelClient client, Frame frame, int times) {
        for (int i = 0; i < times; i++) {
            node.control.invalidationEpochVolatile(node.control.invalidationEpochVolatile() + 1);
            readOften(client, frame, 1);
        }
    }

    @Test
    void shouldNotBelieveAFilterThatAnotherNodeKept() throws Exception {
        node.control.beginIncarnation(node.incarnation() + 1);
        node.control.incarnationVolatile(node.incarnation());

        assertAsksAgainWhenAnyPrefixWasInvalidated();
    }

    @Test
    void shouldAskAgainWhenAnyPrefixWasInvalidatedByANodeWithoutAFilter() throws Exception {
        assertAsksAgainWhenAnyPrefixWasInvalidated();
    }

    private void assertAsksAgainWhenAnyPrefixWasInvalidated() throws Exception {
        node.put("a/b", bytes(100, 1), true);
        try (TiercelClient client = connect()) {
            Objects.requireNonNull(client.get(KEY)).close();

            client.invalidatePrefix(Key.of("other"));
            Objects.requireNonNull(client.get(KEY)).close();
            Objects.requireNonNull(client.get(KEY)).close();

            assertThat(node.count(InvalidateEncoder.TEMPLATE_ID)).isEqualTo(1);
            assertThat(gets()).as("once at first, once after the epoch moved").isEqualTo(2);
        }
    }

    @Test
    void shouldAskAgainWhenTheGenerationRose() throws Exception {
        Place place = node.put("a/b", bytes(100, 1), true);
        try (TiercelClient client = connect()) {
            Objects.requireNonNull(client.get(KEY)).close();

            node.run(() -> {
                node.segments.raiseGeneration(place.slot());
                node.values.clear();
                return null;
            });

            assertThat(client.get(KEY)).isNull();
            assertThat(node.reader(0).pinsVolatile(place.slot())).as("pins given back").isZero();
        }
    }

    @Test
    void shouldAskAgainWhenTheFrameExpiredByTheNodesClock() throws Exception {
        long nowMs = System.currentTimeMillis();
        node.put("a/b", bytes(100, 1), true, nowMs + 1_000_000L);
        try (TiercelClient client = connect()) {
            Objects.requireNonNull(client.get(KEY)).close();

            node.run(() -> {
                node.control.clockMsOpaque(nowMs + 1_000_000L);
                node.values.clear();
                return null;
            });

            assertThat(client.get(KEY)).isNull();
        }
    }

    @Test
    void shouldTakeTheBytesWhenThePlaceIsStaleAgainAndAgain() throws Exception {
        node.put("a/b", bytes(100, 1), true);
        node.mischief.staleReplies.set(Integer.MAX_VALUE);
        try (TiercelClient client = connect(); Frame frame = Objects.requireNonNull(client.get(KEY))) {
            assertThat(frame.isMapped()).isFalse();
            assertThat(copy(frame)).isEqualTo(bytes(100, 1));
            assertThat(gets()).isEqualTo(4);
        }
    }

    @Test
    void shouldMapAfterOneStalePlace() throws Exception {
        node.put("a/b", bytes(100, 1), true);
        node.mischief.staleReplies.set(1);
        try (TiercelClient client = connect(); Frame frame = Objects.requireNonNull(client.getAsync(KEY).get())) {
            assertThat(frame.isMapped()).isTrue();
            assertThat(gets()).isEqualTo(2);
        }
    }

    @Test
    void shouldTakeTheBytesWhenAnotherFrameLiesAtThePlace() throws Exception {
        Place other = node.put("other", bytes(100, 7), true);
        node.run(() -> {
            node.values.put("a/b", new FakeNode.Value(bytes(100, 1), "\"t\"", other));
            return null;
        });
        try (TiercelClient client = connect(); Frame frame = Objects.requireNonNull(client.get(KEY))) {
            assertThat(copy(frame)).isEqualTo(bytes(100, 1));
            assertThat(frame.isMapped()).isFalse();
            assertThat(reported).anySatisfy(e -> assertThat(e).hasMessageContaining("another frame lies there"));
        }
    }

    @Test
    void shouldRefusePlacesOutsideTheFiles() throws Exception {
        Place real = node.put("other", bytes(100, 7), true);
        List<Place> forged = List.of(
                new Place(-1, real.frameOffset(), real.generation(), real.fileGeneration(), real.fileLength(), 1, 0,
                        0L, Served.MAPPED),
                new Place(1 << 30, real.frameOffset(), real.generation(), real.fileGeneration(), real.fileLength(), 1,
                        0,
                        0L, Served.MAPPED),
                new Place(0, 0, real.generation(), real.fileGeneration(), real.fileLength(), 1, 0, 0L, Served.MAPPED),
                new Place(0, -64, real.generation(), real.fileGeneration(), real.fileLength(), 1, 0, 0L, Served.MAPPED),
                new Place(0, 65, real.generation(), real.fileGeneration(), real.fileLength(), 1, 0, 0L, Served.MAPPED),
                new Place(0, FakeSegments.SEGMENT_LENGTH, real.generation(), real.fileGeneration(), real.fileLength(),
                        1,
                        0, 0L, Served.MAPPED),
                new Place(0, Integer.MAX_VALUE & -64, real.generation(), real.fileGeneration(), real.fileLength(), 1, 0,
                        0L, Served.MAPPED),
                new Place(0, real.frameOffset(), real.generation(), real.fileGeneration(), 64, 1, 0, 0L,
                        Served.MAPPED));
        try (TiercelClient client = connect()) {
            for (Place place : forged) {
                node.run(() -> node.values.put("a/b", new FakeNode.Value(bytes(10, 1), "\"t\"", place)));

                try (Frame frame = Objects.requireNonNull(client.get(KEY))) {
                    assertThat(frame.isMapped()).as("%s", place).isFalse();
                    assertThat(copy(frame)).isEqualTo(bytes(10, 1));
                }
            }
            assertThat(node.reader(0).isUnpinned()).isTrue();
        }
    }

    @Test
    void shouldBelieveNoFieldOfAPlaceThatTheFilesDoNotBearOut() throws Exception {
        byte[] payload = bytes(100, 1);
        Place real = node.put("a/b", payload, true);
        Place other = node.put("other", bytes(100, 7), true);
        List<Place> forged = new ArrayList<>(List.of(other));
        for (int slot : new int[]{real.slot() + 1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            forged.add(new Place(slot, real.frameOffset(), real.generation(), real.fileGeneration(), real.fileLength(),
                    real.sequence(), real.checkedAtEpoch(), 0L, Served.MAPPED));
        }
        for (int offset : new int[]{real.frameOffset() + 64, real.frameOffset() + 1, Integer.MIN_VALUE,
            other.frameOffset()}) {
            forged.add(new Place(real.slot(), offset, real.generation(), real.fileGeneration(), real.fileLength(),
                    real.sequence(), real.checkedAtEpoch(), 0L, Served.MAPPED));
        }
        for (long number : new long[]{-1L, 0L, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE}) {
            forged.add(new Place(real.slot(), real.frameOffset(), number, real.fileGeneration(), real.fileLength(),
                    real.sequence(), real.checkedAtEpoch(), 0L, Served.MAPPED));
            forged.add(new Place(real.slot(), real.frameOffset(), real.generation(), number, real.fileLength(),
                    real.sequence(), real.checkedAtEpoch(), 0L, Served.MAPPED));
            forged.add(new Place(real.slot(), real.frameOffset(), real.generation(), real.fileGeneration(),
                    real.fileLength(), number, real.checkedAtEpoch(), 0L, Served.MAPPED));
        }
        for (long length : new long[]{-1L, 0L, Long.MIN_VALUE, real.fileLength() - 64, real.fileLength() + 64}) {
            forged.add(new Place(real.slot(), real.frameOffset(), real.generation(), real.fileGeneration(), length,
                    real.sequence(), real.checkedAtEpoch(), 0L, Served.MAPPED));
        }
        for (Place place : forged) {
            node.run(() -> node.values.put("a/b", new FakeNode.Value(payload, "\"t\"", place)));
            try (TiercelClient client = connect(); Frame frame = Objects.requireNonNull(client.get(KEY))) {
                assertThat(frame.isMapped()).as("%s", place).isFalse();
                assertThat(copy(frame)).as("%s", place).isEqualTo(payload);
            }
        }
    }

    @Test
    void shouldKeepFramesReadableAfterCloseAndHoldTheLockUntilTheLast() throws Exception {
        Place place = node.put("a/b", bytes(100, 1), true);
        TiercelClient client = connect();
        Frame first = Objects.requireNonNull(client.get(KEY));
        Frame second = Objects.requireNonNull(client.get(KEY));

        client.close();

        assertThat(node.reader(0).pinsVolatile(place.slot())).isEqualTo(2);
        assertThat(copy(first)).isEqualTo(bytes(100, 1));
        first.close();
        first.close();
        assertThat(node.lockIsHeld(0)).isTrue();
        assertThat(copy(second)).isEqualTo(bytes(100, 1));
        second.close();
        assertThat(node.lockIsHeld(0)).isFalse();
        assertThat(node.reader(0).isUnpinned()).isTrue();
        assertThatThrownBy(second::buffer).isInstanceOf(IllegalStateException.class).hasMessage("frame is closed");
    }

    @Test
    void shouldUnmapSegmentsWhenTheirFilesAreReplaced() throws Exception {
        Place place = node.put("a/b", bytes(100, 1), true);
        try (TiercelClient client = connect()) {
            Frame frame = Objects.requireNonNull(client.get(KEY));
            long before = mappings("segments/0.seg");

            node.run(() -> {
                node.values.clear();
                node.segments.create(place.slot(), FakeSegments.SEGMENT_LENGTH);
                return null;
            });

            assertThat(copy(frame)).as("held while leased").isEqualTo(bytes(100, 1));
            frame.close();
            await().untilAsserted(() -> assertThat(mappings("segments/0.seg")).isLessThan(before));
        }
    }

    private long mappings(String file) throws Exception {
        String path = dir.toRealPath().resolve(file).toString();
        try (var lines = Files.lines(java.nio.file.Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(path)).count();
        }
    }

    @Test
    void shouldStayWithinTheBoundOfMappings() throws Exception {
        List<Key> keys = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            keys.add(Key.of("k" + i));
            node.put("k" + i, bytes(FakeSegments.SEGMENT_LENGTH - 1024, i), true);
        }
        try (TiercelClient client = TiercelClient.connect(context().nodeDir(dir).maxMappings(2))) {
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < keys.size(); i++) {
                    try (Frame frame = Objects.requireNonNull(client.get(keys.get(i)))) {
                        assertThat(copy(frame)).isEqualTo(bytes(FakeSegments.SEGMENT_LENGTH - 1024, i));
                        assertThat(frame.isMapped()).isTrue();
                    }
                }
            }
            try (Frame a = Objects.requireNonNull(client.get(keys.get(0)));
                    Frame b = Objects.requireNonNull(client.get(keys.get(1)));
                    Frame c = Objects.requireNonNull(client.get(keys.get(2)))) {
                assertThat(List.of(a.isMapped(), b.isMapped(), c.isMapped())).containsExactly(true, true, false);
            }
        }
    }

    @Test
    void shouldCopyWhenTheNodeRefusesMapping() throws Exception {
        node.mischief.refusesMapping = true;
        node.put("a/b", bytes(100, 1), true);
        try (TiercelClient client = connect(); Frame frame = Objects.requireNonNull(client.get(KEY))) {
            assertThat(client.mode()).isEqualTo(Mode.IPC);
            assertThat(frame.isMapped()).isFalse();
        }
    }

    @Test
    void shouldRefuseAnOpenFrame() throws Exception {
        node.put("a/b", bytes(100, 1), true);
        try (TiercelClient client = connect(); Frame frame = Objects.requireNonNull(client.get(KEY))) {
            assertThatThrownBy(() -> client.get(KEY, frame)).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("still holds a/b");
        }
    }
}
