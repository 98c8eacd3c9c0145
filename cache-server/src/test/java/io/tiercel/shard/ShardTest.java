package io.tiercel.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.load.ListQuery;
import io.tiercel.shard.ShardHarness.Answer;
import io.tiercel.shard.ShardHarness.Done;
import io.tiercel.storage.StorageException;
import io.tiercel.tier.ContentHash;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardTest {
    @TempDir
    Path dir;
    private ShardHarness harness;

    @BeforeEach
    void open() {
        harness = new ShardHarness(dir);
    }

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void shouldServeWhatWasPutUnderCacheOnlyMount() {
        Done<PutResult> put = harness.putNow("cache/a", "one");

        assertThat(put.error).isNull();
        assertThat(harness.readNow("cache/a").value).isEqualTo("one");
    }

    @Test
    void shouldKeepTheBytesOfACommittedPutUntilItsStoreHasThem() {
        CountDownLatch gate = new CountDownLatch(1);
        harness.store.writtenGate = gate;
        Done<PutOperation> open = new Done<>();
        harness.shard.openPut(new PutRequest(Key.of("lake/a"), 1, "", 0L, PutCondition.NONE, "", 1_000), open);
        harness.stepUntil(open::isDone);
        PutOperation put = Objects.requireNonNull(open.result);
        Done<PutResult> done = new Done<>();
        harness.shard.commit(put, new ContentHash().update(put.payload()), done);

        harness.shard.abort(put);

        assertThat(harness.shard.tierSnapshot().mapped().outstandingAllocations()).as("its client left").isOne();
        assertThat(harness.shard.abandonedPuts()).isZero();
        gate.countDown();
        harness.stepUntil(done::isDone);
        assertThat(done.error).isNull();
        assertThat(harness.shard.tierSnapshot().mapped().outstandingAllocations()).isZero();
    }

    @Test
    void shouldEndAWriteThroughAtItsDeadlineWhenTheStoreHangs() {
        harness.store.writtenGate = new CountDownLatch(1);
        Done<PutResult> done = harness.put("lake/a", "value", PutCondition.NONE, "");
        harness.stepUntil(() -> harness.shard.loadCounts().active() == 1);

        harness.clock.advanceMs(ShardHarness.LOAD_DEADLINE_MS + 10);
        harness.stepUntil(done::isDone);

        assertThat(done.error).as("whether it was written is not known").isEqualTo(ErrorCode.TIMEOUT);
        assertThat(harness.shard.loadCounts().active()).isZero();
        assertThat(harness.shard.tierSnapshot().mapped().outstandingAllocations()).isZero();
    }

    @Test
    void shouldCountAPutThatIsAbandonedOnce() {
        Done<PutOperation> open = new Done<>();
        harness.shard.openPut(new PutRequest(Key.of("cache/a"), 1, "", 0L, PutCondition.NONE, "", 1_000), open);
        harness.stepUntil(open::isDone);
        PutOperation put = Objects.requireNonNull(open.result);

        harness.shard.abort(put);
        harness.shard.abort(put);

        assertThat(harness.shard.abandonedPuts()).isOne();
        assertThat(harness.shard.tierSnapshot().mapped().outstandingAllocations()).isZero();
    }

    @Test
    void shouldReplaceOnPut() {
        harness.putNow("cache/a", "one");
        Done<PutResult> second = harness.putNow("cache/a", "two");

        assertThat(second.result).isNotNull().extracting(PutResult::created).isEqualTo(false);
        assertThat(harness.readNow("cache/a").value).isEqualTo("two");
    }

    @Test
    void shouldRefusePutIfAbsentOverValue() {
        harness.putNow("cache/a", "one");

        Done<PutResult> second = harness.put("cache/a", "two", PutCondition.IF_ABSENT, "");
        harness.stepUntil(second::isDone);

        assertThat(second.error).isEqualTo(ErrorCode.ALREADY_EXISTS);
        assertThat(harness.readNow("cache/a").value).isEqualTo("one");
    }

    @Test
    void shouldPutOnlyOverMatchingEtag() {
        Done<PutResult> first = harness.putNow("cache/a", "one");
        assertThat(first.result).isNotNull();

        Done<PutResult> wrong = harness.put("cache/a", "two", PutCondition.IF_MATCH, "\"other\"");
        harness.stepUntil(wrong::isDone);
        Done<PutResult> right = harness.put("cache/a", "three", PutCondition.IF_MATCH, first.result.etag());
        harness.stepUntil(right::isDone);

        assertThat(wrong.error).isEqualTo(ErrorCode.PRECONDITION_FAILED);
        assertThat(right.error).isNull();
        assertThat(harness.readNow("cache/a").value).isEqualTo("three");
    }

    @Test
    void shouldLoadOnceHoweverManyWait() {
        harness.store.put("a", "value");
        CountDownLatch gate = new CountDownLatch(1);
        harness.store.openGate = gate;

        List<Answer> answers = harness.readTimes("lake/a", 100);
        gate.countDown();
        harness.stepUntil(() -> answers.stream().allMatch(Answer::isDone));

        assertThat(harness.store.opens).hasValue(1);
        assertThat(answers).extracting(answer -> answer.value).containsOnly("value");
        assertThat(answers).extracting(answer -> answer.served).containsOnlyOnce(Served.LOADED);
        assertThat(harness.readNow("lake/a").served).isIn(Served.HEAP, Served.MAPPED);
    }

    @Test
    void shouldGiveAllWaitersTheOneErrorOfTheirLoad() {
        harness.store.put("a", "value");
        CountDownLatch gate = new CountDownLatch(1);
        harness.store.openGate = gate;
        harness.store.failure = StorageException.of(StorageException.Kind.UNAVAILABLE).because("down").build();

        List<Answer> answers = harness.readTimes("lake/a", 100);
        gate.countDown();
        harness.stepUntil(() -> answers.stream().allMatch(Answer::isDone));

        assertThat(harness.store.opens).hasValue(1);
        assertThat(answers).extracting(answer -> answer.error).containsOnly(ErrorCode.STORE_UNAVAILABLE);
        assertThat(answers).extracting(answer -> answer.answers).containsOnly(1);
    }

    @Test
    void shouldNotServeLoadBegunBeforePrefixInvalidation() {
        harness.store.put("a/b", "old");
        CountDownLatch gate = new CountDownLatch(1);
        harness.store.openGate = gate;
        Answer early = harness.read("lake/a/b");
        harness.stepUntil(() -> harness.store.opens.get() == 1);

        harness.store.put("a/b", "new");
        harness.shard.invalidatePrefix(Key.of("lake/a"));
        Answer late = harness.read("lake/a/b");
        gate.countDown();
        harness.stepUntil(() -> early.isDone() && late.isDone());

        assertThat(late.value).isEqualTo("new");
        assertThat(harness.readNow("lake/a/b").value).isEqualTo("new");
    }

    @Test
    void shouldNotServeLoadBegunBeforeInvalidationOfItsKey() {
        harness.store.put("a", "old");
        CountDownLatch gate = new CountDownLatch(1);
        harness.store.readGate = gate;
        Answer early = harness.read("lake/a");
        harness.stepUntil(() -> harness.store.opens.get() == 1);

        harness.store.put("a", "new");
        harness.shard.invalidate(Key.of("lake/a"));
        Answer late = harness.read("lake/a");
        gate.countDown();
        harness.stepUntil(() -> early.isDone() && late.isDone());

        assertThat(late.value).isEqualTo("new");
        assertThat(harness.readNow("lake/a").value).isEqualTo("new");
    }

    @Test
    void shouldServeNewValueOnceWriteIsAcknowledgedAndOldOneBefore() {
        harness.store.put("a", "old");
        harness.readNow("lake/a");
        CountDownLatch gate = new CountDownLatch(1);
        harness.store.writtenGate = gate;

        Done<PutResult> put = harness.put("lake/a", "new", PutCondition.NONE, "");
        harness.step();
        Answer before = harness.readNow("lake/a");
        gate.countDown();
        harness.stepUntil(put::isDone);

        assertThat(before.value).isEqualTo("old");
        assertThat(put.error).isNull();
        assertThat(harness.readNow("lake/a").value).isEqualTo("new");
    }

    @Test
    void shouldKeepOldValueWhenWriteIsRefusedByStore() {
        harness.store.put("a", "old");
        harness.readNow("lake/a");
        harness.store.failure = StorageException.of(StorageException.Kind.PERMISSION_DENIED).because("no").build();

        Done<PutResult> put = harness.putNow("lake/a", "new");

        assertThat(put.error).isEqualTo(ErrorCode.STORE_REFUSED);
        Answer after = harness.readNow("lake/a");
        assertThat(after.value).isEqualTo("old");
        assertThat(after.served).isIn(Served.HEAP, Served.MAPPED);
    }

    @Test
    void shouldRefuseWriteUnderReadOnlyMount() {
        Done<PutResult> put = harness.putNow("frozen/a", "new");

        assertThat(put.error).isEqualTo(ErrorCode.NOT_SUPPORTED);
        assertThat(put.message).contains("read-only");
    }

    @Test
    void shouldNotCacheShortBody() {
        harness.store.put("a", "value");
        harness.store.missingBytes = 2;

        Answer cut = harness.readNow("lake/a");
        harness.store.missingBytes = 0;
        Answer whole = harness.readNow("lake/a");

        assertThat(cut.error).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(whole.value).isEqualTo("value");
        assertThat(whole.served).isEqualTo(Served.LOADED);
    }

    @Test
    void shouldNotCacheLongBody() {
        harness.store.put("a", "value");
        harness.store.surplusBytes = 1;

        Answer drawnOut = harness.readNow("lake/a");

        assertThat(drawnOut.error).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(drawnOut.message).contains("longer");
    }

    @Test
    void shouldTellToReadPartsOfAnObjectBeyondLimitAfterOneRequest() {
        harness.store.put("big", "x".repeat((int) ShardHarness.MAX_OBJECT + 1));

        Answer answer = harness.readNow("lake/big");

        assertThat(answer.error).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(answer.message).contains("by ranges");
        assertThat(harness.store.opens).hasValue(1);
        assertThat(harness.store.infos).hasValue(0);
        harness.stepUntil(() -> harness.store.closedReads.get() == 1);
    }

    @Test
    void shouldAnswerWaitersWhenLoadHangsAndGiveItsPermitBack() {
        harness.store.put("a", "value");
        harness.store.openGate = new CountDownLatch(1);
        Answer hung = harness.read("lake/a");
        harness.step();

        harness.clock.advanceMs(ShardHarness.LOAD_DEADLINE_MS + 10);
        harness.step();

        assertThat(hung.error).isEqualTo(ErrorCode.TIMEOUT);
        harness.stepUntil(() -> harness.shard.loadCounts().active() == 0);
        harness.store.openGate = null;
        assertThat(harness.readNow("lake/a").value).isEqualTo("value");
    }

    @Test
    void shouldAnswerReadAtItsOwnDeadlineWhileLoadGoesOn() {
        harness.store.put("a", "value");
        CountDownLatch gate = new CountDownLatch(1);
        harness.store.openGate = gate;
        Answer impatient = harness.read("lake/a", 10);
        Answer patient = harness.read("lake/a");

        harness.clock.advanceMs(20);
        harness.stepUntil(impatient::isDone);
        gate.countDown();
        harness.stepUntil(patient::isDone);

        assertThat(impatient.error).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(patient.value).isEqualTo("value");
        assertThat(impatient.answers).isEqualTo(1);
    }

    @Test
    void shouldTellTenThousandReadersInTimeWithoutAThreadForEach() {
        harness.store.put("a", "value");
        CountDownLatch gate = new CountDownLatch(1);
        harness.store.openGate = gate;
        int threads = Thread.getAllStackTraces().size();
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            answers.add(harness.read("lake/a", 10));
        }
        int threadsOfAll = Thread.getAllStackTraces().size();

        harness.clock.advanceMs(20);
        harness.stepUntil(() -> answers.stream().allMatch(Answer::isDone));
        gate.countDown();
        harness.stepUntil(() -> harness.shard.loadCounts().active() == 0);

        assertThat(answers).extracting(answer -> answer.error).containsOnly(ErrorCode.TIMEOUT);
        assertThat(answers).as("told once").extracting(answer -> answer.answers).containsOnly(1);
        assertThat(threadsOfAll - threads).isLessThan(100);
        assertThat(harness.readNow("lake/a").value).isEqualTo("value");
        assertThat(harness.store.opens).hasValue(1);
    }

    @Test
    void shouldRefuseLoadsBeyondPermitsAndQueue() {
        harness.store.openGate = new CountDownLatch(1);
        // Of both, the other mount is sure of one.
        int permits = ShardHarness.PERMITS - 1;
        int accepted = permits + ShardHarness.QUEUE - 1;
        for (int i = 0; i <= accepted; i++) {
            harness.store.put("k" + i, "value");
        }
        for (int i = 0; i < accepted; i++) {
            assertThat(harness.read("lake/k" + i).isDone()).isFalse();
        }

        Answer beyond = harness.read("lake/k" + accepted);

        assertThat(beyond.error).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(harness.shard.loadCounts().skipped()).isEqualTo(1);
        assertThat(harness.shard.loadCounts().active()).isEqualTo(permits);
    }

    @Test
    void shouldSayNotFoundWhereNoMountCoversKey() {
        assertThat(harness.readNow("elsewhere/a").error).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void shouldSayNotFoundWhereStoreHasNothing() {
        assertThat(harness.readNow("lake/none").error).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void shouldRefuseMountPointAsObject() {
        assertThat(harness.readNow("lake").error).isEqualTo(ErrorCode.INVALID_KEY);
    }

    @Test
    void shouldDeleteInStoreAndThenFromTiers() {
        harness.store.put("a", "value");
        harness.readNow("lake/a");

        Done<Boolean> deleted = new Done<>();
        harness.shard.delete(Key.of("lake/a"), false, deleted);
        harness.stepUntil(deleted::isDone);
        Done<Boolean> again = new Done<>();
        harness.shard.delete(Key.of("lake/a"), false, again);
        harness.stepUntil(again::isDone);

        assertThat(deleted.result).isTrue();
        assertThat(again.result).isFalse();
        assertThat(harness.readNow("lake/a").error).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void shouldStatMountPointsAsFoldersAndFramesAsFiles() {
        harness.putNow("cache/a", "one");
        Done<StatResult> folder = new Done<>();
        Done<StatResult> file = new Done<>();

        harness.shard.stat(Key.of("cache"), folder);
        harness.shard.stat(Key.of("cache/a"), file);

        assertThat(folder.result).isNotNull().extracting(StatResult::kind).isEqualTo(EntryKind.FOLDER);
        assertThat(file.result).isNotNull().extracting(StatResult::length).isEqualTo(3L);
        assertThat(file.result).extracting(StatResult::mount).isEqualTo("cache");
    }

    @Test
    void shouldListPageByPageUntilTheLast() {
        for (int i = 0; i < Listings.PAGE_ENTRIES + 10; i++) {
            harness.store.put("d/k" + i, "v");
        }

        Done<ListingPage> first = new Done<>();
        harness.shard.list(ListQuery.direct("lake/d"), first);
        harness.stepUntil(first::isDone);
        assertThat(first.result).isNotNull();
        Done<ListingPage> second = new Done<>();
        harness.shard.nextPage(first.result.cursorId(), second);
        harness.stepUntil(second::isDone);
        Done<ListingPage> last = new Done<>();
        harness.shard.nextPage(first.result.cursorId(), last);
        harness.stepUntil(last::isDone);

        assertThat(first.result.entries()).hasSize(Listings.PAGE_ENTRIES);
        assertThat(first.result.entries().get(0).path()).startsWith("lake/d/k");
        assertThat(second.result).isNotNull().extracting(page -> page.entries().size()).isEqualTo(10);
        assertThat(last.result).isNotNull().extracting(ListingPage::isLast).isEqualTo(true);
    }

    @Test
    void shouldPinFrameForReadsOfOtherThreads() throws Exception {
        harness.putNow("cache/a", "one");

        var future = harness.proxy.read(Key.of("cache/a"), 1_000);
        harness.stepUntil(future::isDone);
        ReadResult result = future.get();
        harness.proxy.release(result.frame());
        harness.step();

        assertThat(result.frame().etag()).startsWith("\"");
        assertThat(harness.shard.tierSnapshot().mapped().pinnedBytes()).isZero();
    }

    @Test
    void shouldTellOtherThreadsInTimeWhateverTheStoreDoes() {
        harness.store.put("a", "value");
        harness.store.infoGate = new CountDownLatch(1);
        harness.store.deleteGate = new CountDownLatch(1);
        var stat = harness.proxy.stat(Key.of("lake/a"), 50);
        var deleted = harness.proxy.delete(Key.of("lake/a"), false, 100);
        harness.step();
        harness.clock.advanceMs(60);
        harness.step();

        assertThat(stat).isCompletedExceptionally();
        assertThat(deleted).isNotDone();
        harness.clock.advanceMs(60);
        harness.step();

        assertThat(deleted).isCompletedExceptionally();
        assertThat(stat.exceptionNow()).isInstanceOfSatisfying(TiercelException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT)).hasMessageContaining("timeoutMs=50");
        assertThat(deleted.exceptionNow()).isInstanceOfSatisfying(TiercelException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT)).hasMessageContaining("not known");
    }

}
