package io.tiercel.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.load.Mount;
import io.tiercel.load.Sizes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads of an object whose body is still coming in. */
class ArrivingTest {
    private static final int LENGTH = 3_000_000;
    private static final int HALF = 1_500_000;
    private static final Key KEY = Key.of("slow/k");

    @TempDir
    private Path folder;
    private final GeneratedStore store = new GeneratedStore();
    @SuppressWarnings("NullAway.Init") // each test opens it first
    private ShardHarness harness;

    @BeforeEach
    void open() {
        harness = new ShardHarness(folder, UnaryOperator.identity(), ShardHarness.POLICY, new GatedStore(), List.of(
                new Mount("slow", "memory://slow", store, ShardHarness.POLICY.with(new Sizes(8 << 20, 1 << 20, 8 << 20,
                        1 << 20)))));
        store.put("k", LENGTH, 1);
        store.gate = new CountDownLatch(1);
        store.gatedFrom = HALF;
    }

    @AfterEach
    void close() {
        store.gate.countDown();
        harness.stepUntil(() -> harness.shard.loadCounts().active() == 0);
        harness.close();
    }

    private PartAnswer begin(Reading reading, long position, String ifMatch) {
        PartAnswer part = new PartAnswer();
        harness.shard.readPart(reading, position, Long.MAX_VALUE, ifMatch, harness.clock.nowNs() + TimeUnit.SECONDS
                .toNanos(60), part);
        return part;
    }

    private PartAnswer read(Reading reading, long position, String ifMatch) {
        PartAnswer part = begin(reading, position, ifMatch);
        harness.stepUntil(() -> part.answers > 0);
        return part;
    }

    /** Reads on until a part does not come at once; answers where that is. */
    private long readWhatHasCome(Reading reading) {
        long position = 0;
        String etag = "";
        while (position < HALF) {
            PartAnswer part = read(reading, position, etag);
            part.requireBytesOf(1);
            assertThat(part.position).isEqualTo(position);
            assertThat(part.total).isEqualTo(LENGTH);
            position += part.bytes().length;
            etag = part.etag;
        }
        return position;
    }

    @Test
    void shouldServeWhatHasComeAndGoOnFromTheFrame() {
        Reading reading = Reading.ofOneRead(KEY);
        long position = readWhatHasCome(reading);
        PartAnswer rest = begin(reading, position, "\"v1\"");
        harness.step();
        int answersBefore = rest.answers;

        store.gate.countDown();
        harness.stepUntil(() -> rest.answers > 0);
        PartAnswer end = read(reading, LENGTH - 1, "\"v1\"");

        assertThat(position).isEqualTo(HALF);
        assertThat(answersBefore).isZero();
        rest.requireBytesOf(1);
        end.requireBytesOf(1);
        assertThat(end.position).as("the whole frame").isZero();
        assertThat(end.bytes()).hasSize(LENGTH);
        assertThat(store.opens).hasValue(1);
        assertThat(store.bytes).hasValue(LENGTH);
    }

    @Test
    void shouldServeManyReadersOfOneRequestEachAtItsPace() {
        List<Reading> readings = new ArrayList<>();
        for (int i = 0; i < Parts.MAX_STREAMS + 3; i++) {
            readings.add(Reading.ofOneRead(KEY));
        }
        PartAnswer slow = read(readings.getLast(), 0, "");
        readings.forEach(this::readWhatHasCome);

        store.gate.countDown();
        PartAnswer late = read(readings.getLast(), slow.bytes().length, slow.etag);

        late.requireBytesOf(1);
        assertThat(store.opens).hasValue(1);
    }

    @Test
    void shouldHaveThoseWaitWhoWantAFrame() {
        PartAnswer mapping = begin(Reading.ofManyReads(KEY), 0, "");
        ShardHarness.Answer whole = harness.read("slow/k");
        PartAnswer eager = read(Reading.ofOneRead(KEY), 0, "");

        eager.requireBytesOf(1);
        assertThat(mapping.answers).isZero();
        assertThat(whole.isDone()).isFalse();
        store.gate.countDown();
        harness.stepUntil(() -> mapping.answers > 0 && whole.isDone());
        assertThat(mapping.bytes()).hasSize(LENGTH);
        assertThat(store.opens).hasValue(1);
    }

    @Test
    void shouldKeepTheLastByteBackUntilTheBodyIsAsLongAsItSaid() {
        store.gatedFrom = LENGTH;
        Reading reading = Reading.ofOneRead(KEY);
        long position = 0;
        while (position < LENGTH - 1) {
            position += read(reading, position, position == 0 ? "" : "\"v1\"").bytes().length;
        }
        PartAnswer last = begin(reading, position, "\"v1\"");
        harness.stepUntil(() -> store.bytes.get() == LENGTH);
        harness.step();
        int answersBefore = last.answers;

        store.gate.countDown();
        harness.stepUntil(() -> last.answers > 0);

        assertThat(position).isEqualTo(LENGTH - 1);
        assertThat(answersBefore).isZero();
        last.requireBytesOf(1);
    }

    @Test
    void shouldTellThoseWhoReadOnThatTheBodyWasCutShort() {
        store.cutAt = HALF + 10;
        Reading reading = Reading.ofOneRead(KEY);
        long position = readWhatHasCome(reading);
        store.gate.countDown();
        PartAnswer rest = read(reading, position, "\"v1\"");
        while (rest.error == null) {
            position += rest.bytes().length;
            rest = read(reading, position, "\"v1\"");
        }

        assertThat(position).isLessThanOrEqualTo(store.cutAt);
        assertThat(rest.error).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(harness.shard.explain(KEY)).doesNotContain("\"answer\":\"mapped\"", "\"answer\":\"heap\"");
    }

    @Test
    void shouldNotMixVersionsWhenAWriteOvertakesTheBody() {
        Reading reading = Reading.ofOneRead(KEY);
        PartAnswer first = read(reading, 0, "");
        PartAnswer waiting = begin(Reading.ofOneRead(KEY), HALF, "");
        store.put("k", LENGTH, 2);
        harness.shard.invalidate(KEY);
        store.gate.countDown();

        harness.stepUntil(() -> waiting.answers > 0);
        PartAnswer rest = read(reading, first.bytes().length, first.etag);
        PartAnswer anew = read(Reading.ofOneRead(KEY), 0, "");

        first.requireBytesOf(1);
        assertThat(rest.error).as(rest.message).isEqualTo(ErrorCode.PRECONDITION_FAILED);
        anew.requireBytesOf(2);
        waiting.requireBytesOf(2);
    }

    @Test
    void shouldServeNothingEarlyOfAVersionThatHasNoTag() {
        store.isWithoutEtag = true;
        PartAnswer part = begin(Reading.ofOneRead(KEY), 0, "");
        harness.stepUntil(() -> store.bytes.get() == HALF);
        harness.step();
        int answersBefore = part.answers;

        store.gate.countDown();
        harness.stepUntil(() -> part.answers > 0);

        assertThat(answersBefore).isZero();
        assertThat(part.bytes()).hasSize(LENGTH);
    }
}
