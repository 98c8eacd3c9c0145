package io.tiercel.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.load.Mount;
import io.tiercel.load.MountPolicy;
import io.tiercel.load.Sizes;
import io.tiercel.storage.Capability;
import io.tiercel.tier.FrameView;
import io.tiercel.tier.Pinned;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PartsTest {
    private static final int PAGE = 64 * 1024;
    private static final long THRESHOLD = 4 * PAGE;
    private static final long MAX_OBJECT = 40L * PAGE;
    private static final long HUGE = 10L << 30;
    private static final MountPolicy POLICY = ShardHarness.POLICY.with(new Sizes(MAX_OBJECT, 1 << 20, THRESHOLD, PAGE));

    @TempDir
    Path dir;

    private final GeneratedStore store = new GeneratedStore();
    private ShardHarness harness;
    /** Opens of the store that end in no body. */
    private int refusedOpens;

    @BeforeEach
    void open() {
        harness = new ShardHarness(dir, settings -> settings, ShardHarness.POLICY, new GatedStore(), List.of(new Mount(
                "big",
                "generated:", store, POLICY)));
    }

    /** Whatever happened: every body that was opened is closed, nothing is pinned, no permit is held. */
    @AfterEach
    void close() {
        store.gate.countDown();
        harness.clock.advanceMs(5_000);
        harness.stepUntil(() -> store.opens.get() - refusedOpens == store.closes.get() && harness.shard.loadCounts()
                .active() == 0 && harness.shard.loads().parts().fills() == 0 && harness.shard.loads().parts()
                        .streams() == 0);
        harness.close();
    }

    private PartAnswer begin(Reading reading, long position, long maxLength, String ifMatch) {
        PartAnswer part = new PartAnswer();
        harness.shard.readPart(reading, position, maxLength, ifMatch, harness.clock.nowNs() + TimeUnit.SECONDS.toNanos(
                60), part);
        return part;
    }

    private PartAnswer read(Reading reading, long position, long maxLength, String ifMatch) {
        PartAnswer part = begin(reading, position, maxLength, ifMatch);
        harness.stepUntil(() -> part.answers > 0);
        assertThat(part.answers).isEqualTo(1);
        return part;
    }

    private PartAnswer readOnce(String key, long position, long maxLength) {
        Reading reading = Reading.ofManyReads(Key.of(key));
        PartAnswer part = read(reading, position, maxLength, "");
        harness.shard.endReading(reading);
        return part;
    }

    /** Reads an object as a gateway does; answers the parts that it took. */
    private int readWhole(String key, long length, int version) {
        Reading reading = Reading.ofManyReads(Key.of(key));
        long position = 0;
        String etag = "";
        int parts = 0;
        while (position < length) {
            PartAnswer part = read(reading, position, parts == 0 ? Long.MAX_VALUE : length - position, etag);
            part.requireBytesOf(version);
            assertThat(part.total).isEqualTo(length);
            assertThat(part.position).isLessThanOrEqualTo(position);
            position = part.position + part.bytes().length;
            etag = part.etag;
            parts++;
        }
        harness.shard.endReading(reading);
        return parts;
    }

    @Test
    void shouldLoadOfAHugeObjectThePagesOfARange() {
        store.put("huge", HUGE, 1);
        long position = 5L * (1 << 30) + 12_345;

        PartAnswer first = readOnce("big/huge", position, 100);
        PartAnswer again = readOnce("big/huge", position + 50, 100);
        PartAnswer next = readOnce("big/huge", position + PAGE, 100);

        first.requireBytesOf(1);
        again.requireBytesOf(1);
        next.requireBytesOf(1);
        assertThat(first.total).isEqualTo(HUGE);
        assertThat(first.position).isEqualTo(position / PAGE * PAGE);
        assertThat(first.bytes).hasSize(PAGE);
        assertThat(again.served).isIn(Served.HEAP, Served.MAPPED);
        assertThat(store.opens).hasValue(2);
        assertThat(store.bytes).hasValue(2L * PAGE);
        assertThat(store.infos).hasValue(0);
        assertThat(store.options.getLast().ifMatch()).isEqualTo("\"v1\"");
    }

    @Test
    void shouldTellTheLengthBehindTheEnd() {
        store.put("k", 10 * PAGE, 1);

        PartAnswer unknown = readOnce("big/k", 50L * PAGE, 10);
        PartAnswer known = readOnce("big/k", 10 * PAGE, 10);

        assertThat(unknown.error).isNull();
        assertThat(unknown.total).isEqualTo(10 * PAGE);
        assertThat(known.bytes).isEmpty();
        assertThat(known.total).isEqualTo(10 * PAGE);
    }

    @Test
    void shouldTakeNoPageFromARangeBehindTheEnd() {
        store.put("k", 10 * PAGE + 77, 1);
        store.gate = new CountDownLatch(1);
        store.gatedFrom = 0;

        PartAnswer behind = readOnce("big/k", 50L * PAGE, 10);
        PartAnswer last = begin(Reading.ofManyReads(Key.of("big/k")), 10 * PAGE, 10, "");
        store.gate.countDown();
        harness.stepUntil(() -> last.answers > 0);

        assertThat(behind.total).isEqualTo(10 * PAGE + 77);
        last.requireBytesOf(1);
    }

    @Test
    void shouldFillAllPagesFromOneBody() {
        int length = 10 * PAGE + 77;
        store.put("k", length, 3);

        int parts = readWhole("big/k", length, 3);
        int partsOfHit = readWhole("big/k", length, 3);

        assertThat(parts).isEqualTo(11);
        assertThat(partsOfHit).isEqualTo(11);
        assertThat(store.opens).hasValue(1);
        assertThat(store.bytes).hasValue(length);
        assertThat(store.options.getFirst().isWhole()).isTrue();
    }

    @Test
    void shouldServePagesWhileTheirBodyArrives() {
        store.put("k", 10 * PAGE, 1);
        store.gate = new CountDownLatch(1);
        store.gatedFrom = 3 * PAGE + 5;
        Reading reading = Reading.ofManyReads(Key.of("big/k"));

        PartAnswer first = read(reading, 0, Long.MAX_VALUE, "");
        PartAnswer third = read(reading, 2 * PAGE, Long.MAX_VALUE, first.etag);
        PartAnswer fourth = begin(reading, 3 * PAGE, Long.MAX_VALUE, first.etag);

        first.requireBytesOf(1);
        third.requireBytesOf(1);
        assertThat(first.served).isEqualTo(Served.LOADED);
        assertThat(fourth.answers).isZero();
        store.gate.countDown();
        harness.stepUntil(() -> fourth.answers > 0);
        fourth.requireBytesOf(1);
        assertThat(store.opens).hasValue(1);
        harness.shard.endReading(reading);
    }

    @Test
    void shouldShareOneLoadOfAPage() {
        store.put("k", HUGE, 1);
        readOnce("big/k", 0, 10);
        store.gate = new CountDownLatch(1);
        store.gatedFrom = 0;
        List<PartAnswer> parts = new ArrayList<>();

        for (int i = 0; i < 100; i++) {
            parts.add(begin(Reading.ofManyReads(Key.of("big/k")), 7L * PAGE + i, 1, ""));
        }
        store.gate.countDown();
        harness.stepUntil(() -> parts.stream().allMatch(part -> part.answers > 0));

        parts.forEach(part -> part.requireBytesOf(1));
        assertThat(store.opens).hasValue(2);
        assertThat(store.bytes).hasValue(2L * PAGE);
    }

    @Test
    void shouldNeverMixTwoVersions() {
        store.put("k", 20 * PAGE, 1);
        Reading reading = Reading.ofManyReads(Key.of("big/k"));
        PartAnswer first = read(reading, 0, 10, "");
        store.put("k", 20 * PAGE, 2);
        refusedOpens = 1;

        PartAnswer second = read(reading, PAGE, 10, first.etag);
        PartAnswer anew = readOnce("big/k", 0, 10);
        PartAnswer next = readOnce("big/k", PAGE, 10);

        assertThat(second.error).isEqualTo(ErrorCode.PRECONDITION_FAILED);
        anew.requireBytesOf(2);
        next.requireBytesOf(2);
        assertThat(next.etag).isEqualTo("\"v2\"");
        harness.shard.endReading(reading);
    }

    @Test
    void shouldBeginAnewWithTheNewVersionWhereNothingWasSentYet() {
        store.put("k", 20 * PAGE, 1);
        readOnce("big/k", 0, 10);
        store.put("k", 20 * PAGE, 2);
        refusedOpens = 1;

        PartAnswer part = readOnce("big/k", 3 * PAGE, 10);

        part.requireBytesOf(2);
        readOnce("big/k", 0, 10).requireBytesOf(2);
    }

    @Test
    void shouldDropPagesWithTheirKey() {
        store.put("k", 20 * PAGE, 1);
        readOnce("big/k", 0, 10);
        readOnce("big/k", 5 * PAGE, 10);
        store.put("k", 20 * PAGE, 2);
        readOnce("big/k", 5 * PAGE, 10).requireBytesOf(1);

        harness.shard.invalidate(Key.of("big/k"));

        readOnce("big/k", 5 * PAGE, 10).requireBytesOf(2);
        readOnce("big/k", 0, 10).requireBytesOf(2);
        store.put("k", 20 * PAGE, 3);
        harness.shard.invalidatePrefix(Key.of("big"));
        readOnce("big/k", 0, 10).requireBytesOf(3);
        readOnce("big/k", 5 * PAGE, 10).requireBytesOf(3);
    }

    @Test
    void shouldServeNothingThatAnInvalidationOvertook() {
        store.put("k", 20 * PAGE, 1);
        store.gate = new CountDownLatch(1);
        store.gatedFrom = 5;
        PartAnswer before = begin(Reading.ofManyReads(Key.of("big/k")), 0, Long.MAX_VALUE, "");
        harness.stepUntil(() -> harness.shard.loads().parts().fills() == 1);
        store.put("k", 20 * PAGE, 2);

        harness.shard.invalidate(Key.of("big/k"));
        PartAnswer after = begin(Reading.ofManyReads(Key.of("big/k")), 0, 10, "");
        store.gate.countDown();
        harness.stepUntil(() -> before.answers + after.answers == 2);

        after.requireBytesOf(2);
        before.requireBytesOf(2);
        readOnce("big/k", 2 * PAGE, 10).requireBytesOf(2);
    }

    @Test
    void shouldKeepNoManifestOfAResponseThatAnInvalidationOvertook() {
        for (long maxLength : new long[]{10, Long.MAX_VALUE}) {
            String key = "k" + maxLength;
            store.put(key, 20 * PAGE, 1);
            store.openGate = new CountDownLatch(1);
            int opens = store.opens.get();
            PartAnswer before = begin(Reading.ofManyReads(Key.of("big/" + key)), 0, maxLength, "");
            harness.stepUntil(() -> store.opens.get() > opens);
            store.put(key, 20 * PAGE, 2);

            harness.shard.invalidate(Key.of("big/" + key));
            store.openGate.countDown();
            harness.stepUntil(() -> before.answers == 1);

            before.requireBytesOf(2);
            readOnce("big/" + key, PAGE, 10).requireBytesOf(2);
        }
    }

    @Test
    void shouldKeepASmallObjectWholeThatIsReadByARange() {
        store.put("small", 1000, 1);

        PartAnswer part = readOnce("big/small", 10, 20);
        ShardHarness.Answer whole = harness.readNow("big/small");

        part.requireBytesOf(1);
        assertThat(part.position).isZero();
        assertThat(whole.value).isNotNull();
        assertThat(whole.served).isIn(Served.HEAP, Served.MAPPED);
        assertThat(store.opens).hasValue(1);
    }

    @Test
    void shouldAnswerEveryRangeFromAWholeFrame() {
        store.put("k", THRESHOLD, 1);
        readWhole("big/k", THRESHOLD, 1);

        for (long position : new long[]{0, 1, THRESHOLD - 1, 100_000}) {
            PartAnswer part = readOnce("big/k", position, 10);
            part.requireBytesOf(1);
            assertThat(part.bytes).hasSize((int) THRESHOLD);
        }

        assertThat(store.opens).hasValue(1);
    }

    @Test
    void shouldTellAReadOfAWholeFrameToReadParts() {
        store.put("k", 10 * PAGE, 1);

        ShardHarness.Answer cold = harness.readNow("big/k");
        readWhole("big/k", 10 * PAGE, 1);
        ShardHarness.Answer warm = harness.readNow("big/k");

        assertThat(cold.error).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(warm.error).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(store.opens).hasValue(1);
    }

    @Test
    void shouldPassOnUnkeptWhatIsLargerThanIsKept() {
        long length = MAX_OBJECT + 5_000_001;
        store.put("k", length, 1);
        long used = harness.shard.tierSnapshot().mapped().entries();

        readWhole("big/k", length, 1);

        assertThat(store.opens).hasValue(1);
        assertThat(store.infos).hasValue(0);
        assertThat(store.bytes).hasValue(length);
        assertThat(harness.shard.tierSnapshot().mapped().entries()).isEqualTo(used);
        assertThat(harness.shard.loadCounts().passed()).isEqualTo(1);
    }

    @Test
    void shouldReadOnlyWhatAReaderAsksFor() {
        store.put("k", HUGE, 1);
        Reading reading = Reading.ofManyReads(Key.of("big/k"));

        PartAnswer first = read(reading, 0, Long.MAX_VALUE, "");
        PartAnswer second = read(reading, first.bytes().length, Long.MAX_VALUE, first.etag);

        second.requireBytesOf(1);
        assertThat(store.bytes.get()).isEqualTo(2L * PassedStream.CHUNK_LENGTH);
        assertThat(store.closes).hasValue(0);
        harness.shard.endReading(reading);
        harness.stepUntil(() -> store.closes.get() == 1);
        assertThat(store.bytes.get()).isEqualTo(2L * PassedStream.CHUNK_LENGTH);
        assertThat(store.opens).hasValue(1);
    }

    @Test
    void shouldCloseTheBodyUnderAReaderThatGoesAwayInTheMidst() {
        store.put("k", HUGE, 1);
        store.gate = new CountDownLatch(1);
        store.gatedFrom = PassedStream.CHUNK_LENGTH + 100;
        Reading reading = Reading.ofManyReads(Key.of("big/k"));
        PartAnswer first = read(reading, 0, Long.MAX_VALUE, "");
        PartAnswer second = begin(reading, first.bytes().length, Long.MAX_VALUE, first.etag);

        harness.shard.endReading(reading);
        harness.stepUntil(() -> store.closes.get() == 1 && second.answers == 1);

        assertThat(second.error).isNotNull();
    }

    @Test
    void shouldGiveAReadNothingThatWasOpenedBeforeAnInvalidation() {
        store.put("k", HUGE, 1);
        for (Consumer<Shard> overtake : List.<Consumer<Shard>>of(shard -> shard.invalidate(Key.of("big/k")),
                shard -> shard.invalidatePrefix(Key.of("big")))) {
            Reading reading = Reading.ofManyReads(Key.of("big/k"));
            PartAnswer first = read(reading, 0, Long.MAX_VALUE, "");
            store.put("k", HUGE, 2);

            overtake.accept(harness.shard);
            PartAnswer rest = read(reading, first.bytes().length, Long.MAX_VALUE, first.etag);
            PartAnswer anew = read(reading, first.bytes().length, Long.MAX_VALUE, "");

            first.requireBytesOf(1);
            assertThat(rest.error).isEqualTo(ErrorCode.PRECONDITION_FAILED);
            anew.requireBytesOf(2);
            harness.shard.endReading(reading);
            store.put("k", HUGE, 1);
        }
        refusedOpens = 2;
    }

    @Test
    void shouldGoOnWithAReadThatAnInvalidationOvertakes() {
        store.put("k", HUGE, 1);
        Reading reading = Reading.ofOneRead(Key.of("big/k"));
        PartAnswer first = read(reading, 0, Long.MAX_VALUE, "");
        store.put("k", HUGE, 2);

        harness.shard.invalidate(Key.of("big/k"));
        PartAnswer second = read(reading, first.bytes().length, Long.MAX_VALUE, first.etag);

        second.requireBytesOf(1);
        assertThat(store.opens).hasValue(1);
        harness.shard.endReading(reading);
    }

    @Test
    void shouldNotJoinVersionsThatHaveNoTag() {
        store.put("k", HUGE, 1);
        store.isWithoutEtag = true;
        Reading reading = Reading.ofManyReads(Key.of("big/k"));
        PartAnswer first = read(reading, 0, Long.MAX_VALUE, "");
        PartAnswer second = read(reading, first.bytes().length, Long.MAX_VALUE, first.etag);
        store.put("k", HUGE, 2);

        PartAnswer anew = read(reading, 2L * first.bytes().length, 10, "");
        PartAnswer third = read(reading, 2L * first.bytes().length, Long.MAX_VALUE, first.etag);

        second.requireBytesOf(1);
        anew.requireBytesOf(2);
        assertThat(third.error).isEqualTo(ErrorCode.PRECONDITION_FAILED);
        harness.shard.endReading(reading);
        refusedOpens = 1;
    }

    @Test
    void shouldTakeAStreamFromAReaderThatLeavesItAlone() {
        store.put("k", HUGE, 1);
        List<Reading> idle = new ArrayList<>();
        List<PartAnswer> first = new ArrayList<>();
        for (int i = 0; i < Parts.MAX_STREAMS; i++) {
            idle.add(Reading.ofManyReads(Key.of("big/k")));
            first.add(read(idle.get(i), 0, Long.MAX_VALUE, ""));
        }
        Reading other = Reading.ofManyReads(Key.of("big/k"));

        PartAnswer refused = read(other, 0, Long.MAX_VALUE, "");
        harness.clock.advanceMs(20_000);
        PartAnswer served = read(other, 0, Long.MAX_VALUE, "");
        PartAnswer resumed = read(idle.getFirst(), first.getFirst().bytes().length, Long.MAX_VALUE, first
                .getFirst().etag);

        assertThat(refused.error).isEqualTo(ErrorCode.OVERLOADED);
        served.requireBytesOf(1);
        resumed.requireBytesOf(1);
        idle.forEach(harness.shard::endReading);
        harness.shard.endReading(other);
    }

    @Test
    void shouldUseAReadersMemoryAgain() {
        long length = HUGE;
        store.put("k", length, 1);
        Reading reading = Reading.ofOneRead(Key.of("big/k"));
        Object memory = null;
        long position = 0;

        for (int i = 0; i < 20; i++) {
            Pinned[] pinned = new Pinned[1];
            harness.shard.readPart(reading, position, Long.MAX_VALUE, "", harness.clock.nowNs() + TimeUnit.SECONDS
                    .toNanos(60), new PartHandler() {
                        @Override
                        public void onPart(FrameView frame, long at, long total, Served served) {
                            pinned[0] = harness.shard.pin(frame);
                        }

                        @Override
                        public void onFailure(ErrorCode code, String message, int retryAfterMs) {
                            throw new AssertionError(message);
                        }
                    });
            harness.stepUntil(() -> pinned[0] != null);
            position += pinned[0].payloadLength();
            Object used = pinned[0].payload().byteArray();
            if (memory != null) {
                assertThat(used).as("turn %d", i).isSameAs(memory);
            }
            memory = used;
            harness.shard.unpin(pinned[0]);
        }
        harness.shard.endReading(reading);
    }

    @Test
    void shouldPassOnWhatHasNoTagToPinItBy() {
        store.isWithoutEtag = true;
        store.put("k", 10 * PAGE, 1);

        PartAnswer part = readOnce("big/k", 3 * PAGE + 5, 10);

        part.requireBytesOf(1);
        assertThat(part.served).isEqualTo(Served.STORE);
        assertThat(store.opens).hasValue(1);
    }

    @Test
    void shouldKeepWholeWhatCannotBeReadByRanges() {
        store.capabilities.remove(Capability.RANGE);
        store.put("k", 10 * PAGE, 1);
        store.put("huge", MAX_OBJECT + 10, 1);

        PartAnswer part = readOnce("big/k", 3 * PAGE, 10);
        PartAnswer again = readOnce("big/k", 7 * PAGE, 10);
        PartAnswer passed = readOnce("big/huge", 3 * PAGE, 10);

        part.requireBytesOf(1);
        again.requireBytesOf(1);
        passed.requireBytesOf(1);
        assertThat(passed.position).isEqualTo(3 * PAGE);
        assertThat(store.opens).hasValue(2);
    }

    @Test
    void shouldKeepNoPageOfAShortBody() {
        store.put("k", 10 * PAGE, 1);
        store.cutAt = 4 * PAGE + 10;
        Reading reading = Reading.ofManyReads(Key.of("big/k"));
        PartAnswer first = read(reading, 0, Long.MAX_VALUE, "");

        PartAnswer cut = read(reading, 4 * PAGE, Long.MAX_VALUE, first.etag);

        first.requireBytesOf(1);
        assertThat(cut.error).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        store.cutAt = Long.MAX_VALUE;
        PartAnswer mended = read(reading, 4 * PAGE, Long.MAX_VALUE, first.etag);
        mended.requireBytesOf(1);
        assertThat(mended.bytes).hasSize(PAGE);
        harness.shard.endReading(reading);
    }

    @Test
    void shouldEndAFillThatNobodyReads() {
        store.put("k", 30 * PAGE, 1);
        store.gate = new CountDownLatch(1);
        store.gatedFrom = 3 * PAGE;
        PartAnswer first = readOnce("big/k", 0, Long.MAX_VALUE);
        first.requireBytesOf(1);
        readOnce("big/k", 2 * PAGE, 10).requireBytesOf(1);

        harness.clock.advanceMs(1_100);
        harness.stepUntil(() -> store.closes.get() == 1);

        assertThat(store.bytes.get()).isLessThanOrEqualTo(3L * PAGE);
        readOnce("big/k", PAGE, 10).requireBytesOf(1);
        assertThat(store.opens).hasValue(1);
    }

    @Test
    void shouldAnswerStatFromPages() {
        store.put("k", HUGE, 1);
        readOnce("big/k", 0, 10);
        ShardHarness.Done<StatResult> done = new ShardHarness.Done<>();

        harness.shard.stat(Key.of("big/k"), done);
        harness.stepUntil(done::isDone);

        assertThat(done.result).isNotNull();
        assertThat(done.result.length()).isEqualTo(HUGE);
        assertThat(done.result.etag()).isEqualTo("\"v1\"");
        assertThat(done.result.tier()).isNotEmpty();
        assertThat(store.infos).hasValue(0);
    }

    @Test
    void shouldHoldNothingAfterReadersThatWentAwayAnywhere() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        store.put("paged", 12 * PAGE, 1);
        store.put("passed", HUGE, 1);
        List<PartAnswer> parts = new ArrayList<>();

        for (int i = 0; i < 10_000; i++) {
            Reading reading = Reading.ofManyReads(Key.of(random.nextBoolean() ? "big/paged" : "big/passed"));
            parts.add(begin(reading, random.nextBoolean() ? 0 : random.nextInt(12 * PAGE), random.nextBoolean()
                    ? Long.MAX_VALUE
                    : 100, ""));
            for (int steps = random.nextInt(4); steps > 0; steps--) {
                harness.step();
            }
            harness.shard.endReading(reading);
            if (random.nextInt(20) == 0) {
                harness.shard.invalidate(Key.of("big/paged"));
            }
        }
        harness.stepUntil(() -> parts.stream().allMatch(part -> part.answers == 1));

        assertThat(parts).as("seed=%d", seed).allSatisfy(part -> {
            if (part.error == null) {
                part.requireBytesOf(1);
            }
        });
    }
}
