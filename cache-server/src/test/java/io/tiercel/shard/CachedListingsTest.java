package io.tiercel.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.load.Freshness;
import io.tiercel.load.ListQuery;
import io.tiercel.load.ListedEntry;
import io.tiercel.load.Mount;
import io.tiercel.load.Sizes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What of a listing is kept, for whom, and until what: told by the pages that the store was asked for. */
@Timeout(120)
class CachedListingsTest {
    private static final int SMALL_LISTING = 4_000;

    @TempDir
    Path dir;
    private final GatedStore store = new GatedStore();
    private ShardHarness harness;

    /** Everything of a listing, or why it ended. */
    private static final class Listed {
        final List<String> paths = new ArrayList<>();
        final List<Served> served = new ArrayList<>();
        @Nullable
        ErrorCode error;
        boolean isDone;
    }

    @BeforeEach
    void open() {
        harness = new ShardHarness(dir, UnaryOperator.identity(), ShardHarness.POLICY, store, List.of(new Mount("small",
                "memory:", store,
                ShardHarness.POLICY.with(new Sizes(1 << 20, SMALL_LISTING, 1 << 20, 1 << 20))), new Mount("brief",
                        "memory:", store, ShardHarness.POLICY.with(Freshness.USUAL.withTtl(1_000)))));
        store.put("a/x", "1");
        store.put("a/b/y", "2");
        store.put("c/z.csv", "3");
    }

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void shouldAskTheStoreOnceForEachOfTwoVariants() {
        assertThat(listNow("lake/a", 0).paths).containsExactlyInAnyOrder("lake/a/x", "lake/a/b");
        assertThat(listNow("lake", Integer.MAX_VALUE).paths).containsExactlyInAnyOrder("lake/a", "lake/a/x", "lake/a/b",
                "lake/a/b/y", "lake/c", "lake/c/z.csv");
        int pages = store.pages.get();

        Listed direct = listNow("lake/a", 0);
        Listed recursive = listNow("lake", Integer.MAX_VALUE);

        assertThat(store.pages).hasValue(pages);
        assertThat(direct.paths).containsExactlyInAnyOrder("lake/a/x", "lake/a/b");
        assertThat(recursive.paths).hasSize(6);
        assertThat(recursive.served).isSubsetOf(Served.HEAP, Served.MAPPED);
    }

    @Test
    void shouldAnswerDepthAndPatternFromWhatIsKept() {
        listNow("lake", Integer.MAX_VALUE);
        int pages = store.pages.get();

        assertThat(listNow("lake", 0).paths).containsExactlyInAnyOrder("lake/a", "lake/c");
        assertThat(listNow("lake", 1).paths).containsExactlyInAnyOrder("lake/a", "lake/a/x", "lake/a/b", "lake/c",
                "lake/c/z.csv");
        assertThat(list(ListQuery.of("lake", Integer.MAX_VALUE, "**/*.csv")).paths).containsExactly("lake/c/z.csv");
        assertThat(list(ListQuery.of("lake", Integer.MAX_VALUE, "c/*")).paths).containsExactly("lake/c/z.csv");
        assertThat(store.pages).hasValue(pages);
    }

    @Test
    void shouldKeepNothingOfAPatternsListing() {
        list(ListQuery.of("lake", Integer.MAX_VALUE, "**/*.csv"));
        int pages = store.pages.get();

        Listed again = list(ListQuery.of("lake", Integer.MAX_VALUE, "**/*.csv"));

        assertThat(again.paths).containsExactly("lake/c/z.csv");
        assertThat(again.served).containsOnly(Served.STORE);
        assertThat(store.pages.get()).isGreaterThan(pages);
    }

    @Test
    void shouldDropTheListingsOfAncestorsAndLeaveNeighboursHits() {
        listNow("lake", Integer.MAX_VALUE);
        listNow("lake/a", 0);
        listNow("lake/a", Integer.MAX_VALUE);
        listNow("lake/a/b", 0);
        listNow("lake/c", 0);
        int pages = store.pages.get();

        assertThat(harness.putNow("lake/a/b/new", "4").result).isNotNull();

        listNow("lake/c", 0);
        assertThat(store.pages).as("a neighbour stays a hit").hasValue(pages);
        listNow("lake/a", 0);
        assertThat(store.pages.get()).as("a folder may have appeared").isGreaterThan(pages);
        assertThat(listNow("lake/a/b", 0).paths).contains("lake/a/b/new");
        assertThat(listNow("lake/a", Integer.MAX_VALUE).paths).contains("lake/a/b/new");
        assertThat(listNow("lake", Integer.MAX_VALUE).paths).contains("lake/a/b/new");
    }

    @Test
    void shouldShowWhatEveryKindOfWriteDid() {
        listNow("lake", Integer.MAX_VALUE);
        ShardHarness.Done<Boolean> deleted = new ShardHarness.Done<>();
        harness.shard.delete(Key.of("lake/a/x"), false, deleted);
        harness.stepUntil(deleted::isDone);
        assertThat(listNow("lake", Integer.MAX_VALUE).paths).doesNotContain("lake/a/x");

        ShardHarness.Done<PutResult> moved = new ShardHarness.Done<>();
        harness.shard.move(new MoveRequest(Key.of("lake/a/b/y"), Key.of("lake/d/y"), false, false, 1_000), moved);
        harness.stepUntil(moved::isDone);
        assertThat(listNow("lake", Integer.MAX_VALUE).paths).contains("lake/d/y").doesNotContain("lake/a/b/y");

        ShardHarness.Done<Boolean> gone = new ShardHarness.Done<>();
        harness.shard.delete(Key.of("lake/c"), true, gone);
        harness.stepUntil(gone::isDone);
        assertThat(listNow("lake", Integer.MAX_VALUE).paths).doesNotContain("lake/c/z.csv");
    }

    @Test
    void shouldDropNothingWhenAWriteIsRefused() {
        listNow("lake/a", 0);
        int pages = store.pages.get();

        ShardHarness.Done<PutResult> refused = harness.put("lake/a/x", "9", PutCondition.IF_ABSENT, "");
        harness.stepUntil(refused::isDone);

        assertThat(refused.error).isEqualTo(ErrorCode.ALREADY_EXISTS);
        listNow("lake/a", 0);
        assertThat(store.pages).hasValue(pages);
    }

    @Test
    void shouldDropListingsAtUnderAndAboveAnInvalidatedPrefix() {
        listNow("lake/a", 0);
        listNow("lake/a/b", 0);
        listNow("lake", Integer.MAX_VALUE);
        listNow("lake/c", 0);
        store.put("a/b/unseen", "4");
        int pages = store.pages.get();

        harness.shard.invalidatePrefix(Key.of("lake/a"));

        listNow("lake/c", 0);
        assertThat(store.pages).hasValue(pages);
        assertThat(listNow("lake/a/b", 0).paths).contains("lake/a/b/unseen");
        assertThat(listNow("lake", Integer.MAX_VALUE).paths).contains("lake/a/b/unseen");
    }

    @Test
    void shouldLetManyWaitForOneListing() {
        CountDownLatch gate = new CountDownLatch(1);
        store.pageGate = gate;
        List<Listed> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(begin(ListQuery.recursive("lake")));
        }
        gate.countDown();
        harness.stepUntil(() -> all.stream().allMatch(one -> one.isDone));

        assertThat(all).allSatisfy(one -> assertThat(one.paths).hasSize(6));
        assertThat(store.closedListings).as("one listing of the store").hasValue(1);
        assertThat(all.get(1).served).containsOnly(Served.COLLAPSED);
    }

    @Test
    void shouldGiveWhoWaitsTheOneErrorAndKeepNothing() {
        store.pageSize = 1;
        store.failingPage = 2;
        List<Listed> all = new ArrayList<>();
        CountDownLatch gate = new CountDownLatch(1);
        store.pageGate = gate;
        for (int i = 0; i < 10; i++) {
            all.add(begin(ListQuery.recursive("lake")));
        }
        gate.countDown();
        harness.stepUntil(() -> all.stream().allMatch(one -> one.isDone));

        assertThat(all).allSatisfy(one -> assertThat(one.error).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
        assertThat(store.pages).as("no call a waiter").hasValue(2);
        store.failingPage = 0;
        Listed whole = listNow("lake", Integer.MAX_VALUE);
        assertThat(whole.paths).as("a part is never kept as the whole").hasSize(6);
        assertThat(whole.error).isNull();
    }

    @Test
    void shouldServeNobodyAListingThatBeganBeforeAnAcknowledgedWrite() {
        CountDownLatch gate = new CountDownLatch(1);
        store.pageGate = gate;
        Listed before = begin(ListQuery.recursive("lake"));
        harness.stepUntil(() -> store.pages.get() == 1);

        assertThat(harness.putNow("lake/a/new", "4").result).isNotNull();
        Listed after = begin(ListQuery.recursive("lake"));
        gate.countDown();
        harness.stepUntil(() -> before.isDone && after.isDone);

        assertThat(after.paths).contains("lake/a/new");
        assertThat(listNow("lake", Integer.MAX_VALUE).paths).contains("lake/a/new");
    }

    @Test
    void shouldStreamOnUncachedFromTheEntryThatCrossesTheLimit() {
        String name = "x".repeat(90);
        for (int i = 0; i < 30; i++) {
            store.put("few/" + i + name, "1");
        }
        for (int i = 0; i < 3_000; i++) {
            store.put("many/" + i + name, "1");
        }
        assertThat(listNow("small/few", 0).paths).hasSize(30);
        assertThat(listNow("small/many", 0).paths).hasSize(3_000).doesNotHaveDuplicates();
        int pages = store.pages.get();

        Listed few = listNow("small/few", 0);
        assertThat(store.pages).as("within the limit").hasValue(pages);
        Listed many = listNow("small/many", 0);

        assertThat(few.served).isSubsetOf(Served.HEAP, Served.MAPPED);
        assertThat(store.pages.get()).as("beyond the limit").isGreaterThan(pages);
        assertThat(many.paths).hasSize(3_000).doesNotHaveDuplicates();
        assertThat(many.served.getLast()).isEqualTo(Served.STORE);
    }

    @Test
    void shouldHaveWhoWaitsListByHimselfWhenTheLimitIsCrossed() {
        for (int i = 0; i < 3_000; i++) {
            store.put("many/" + i + "x".repeat(90), "1");
        }
        List<Listed> all = List.of(begin(ListQuery.direct("small/many")), begin(ListQuery.direct("small/many")), begin(
                ListQuery.direct("small/many")));
        harness.stepUntil(() -> all.stream().allMatch(one -> one.isDone));

        assertThat(all).allSatisfy(one -> assertThat(one.paths).hasSize(3_000).doesNotHaveDuplicates());
    }

    @Test
    void shouldAskTheStoreForNoMoreThanItsReaderDoes() {
        store.pageSize = 10;
        for (int i = 0; i < 500; i++) {
            store.put("many/" + i, "1");
        }
        ShardHarness.Done<ListingPage> first = new ShardHarness.Done<>();
        harness.shard.list(ListQuery.direct("lake/many"), first);
        harness.stepUntil(first::isDone);

        assertThat(store.pages).as("one page of the store for the first of ours").hasValue(1);
        assertThat(first.result).isNotNull();
        assertThat(first.result.entries()).hasSize(10);
        harness.shard.closeListing(first.result.cursorId());
        harness.stepUntil(() -> store.closedListings.get() == 1);
        assertThat(store.pages).as("and none once it left").hasValue(1);
    }

    @Test
    void shouldDrawOnForWhoWaitsWhenTheFirstReaderLeaves() {
        store.pageSize = 1;
        ShardHarness.Done<ListingPage> first = new ShardHarness.Done<>();
        harness.shard.list(ListQuery.recursive("lake"), first);
        harness.stepUntil(first::isDone);
        Listed waiting = begin(ListQuery.recursive("lake"));

        assertThat(first.result).isNotNull();
        harness.shard.closeListing(first.result.cursorId());
        harness.stepUntil(() -> waiting.isDone);

        assertThat(waiting.paths).hasSize(6);
        assertThat(store.closedListings).hasValue(1);
    }

    @Test
    void shouldExpireWithItsMount() {
        listNow("brief", 0);
        listNow("brief", 0);
        int pages = store.pages.get();

        harness.clock.advanceMs(1_001);

        listNow("brief", 0);
        assertThat(store.pages.get()).isGreaterThan(pages);
    }

    @Test
    void shouldCloseWhatNobodyAsksForLong() {
        ShardHarness.Done<ListingPage> first = new ShardHarness.Done<>();
        store.pageSize = 1;
        harness.shard.list(ListQuery.recursive("lake"), first);
        harness.stepUntil(first::isDone);

        harness.clock.advanceMs(5 * 60 * 1000 + 1);
        harness.stepUntil(() -> store.closedListings.get() == 1);

        ShardHarness.Done<ListingPage> next = new ShardHarness.Done<>();
        assertThat(first.result).isNotNull();
        harness.shard.nextPage(first.result.cursorId(), next);
        assertThat(next.error).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }

    private Listed listNow(String path, int depth) {
        return list(ListQuery.of(path, depth, ""));
    }

    private Listed list(ListQuery query) {
        Listed listed = begin(query);
        harness.stepUntil(() -> listed.isDone);
        // What was drawn becomes a frame a little after its last page.
        harness.stepUntil(() -> !harness.shard.listings().fills().isKeeping());
        return listed;
    }

    /** Begins a listing that asks for page after page. */
    private Listed begin(ListQuery query) {
        Listed listed = new Listed();
        harness.shard.list(query, new Outcome<>() {
            @Override
            public void onDone(ListingPage page) {
                page.entries().stream().map(ListedEntry::path).forEach(listed.paths::add);
                listed.served.add(page.served());
                if (page.isLast()) {
                    listed.isDone = true;
                } else {
                    harness.shard.nextPage(page.cursorId(), this);
                }
            }

            @Override
            public void onFailure(ErrorCode code, String message, int retryAfterMs) {
                listed.error = code;
                listed.isDone = true;
            }
        });
        return listed;
    }
}
