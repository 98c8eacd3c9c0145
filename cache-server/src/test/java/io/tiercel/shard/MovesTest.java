package io.tiercel.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.load.Mount;
import io.tiercel.storage.StorageException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What moves and copies do, refuse and drop, inside a store, between stores, and in the cache alone. */
@Timeout(120)
class MovesTest {
    @TempDir
    Path dir;
    private final GatedStore pond = new GatedStore();
    private ShardHarness harness;

    @BeforeEach
    void open() {
        GatedStore lake = new GatedStore();
        harness = new ShardHarness(dir, UnaryOperator.identity(), ShardHarness.POLICY, lake, List.of(
                new Mount("twin", "memory://lake", lake, ShardHarness.POLICY),
                new Mount("pond", "memory:", pond, ShardHarness.POLICY)));
    }

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void shouldMoveInsideAStoreAndDropBothKeys() {
        harness.store.put("a", "one");
        harness.store.put("b", "two");
        harness.readNow("lake/a");
        harness.readNow("lake/b");

        ShardHarness.Done<PutResult> moved = move("lake/a", "lake/b", true);

        assertThat(moved.error).as(moved.message).isNull();
        assertThat(harness.readNow("lake/b").value).isEqualTo("one");
        assertThat(harness.readNow("lake/a").error).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void shouldCopyInsideAStoreAndKeepTheSourceCached() {
        harness.store.put("a", "one");
        harness.readNow("lake/a");
        int opens = harness.store.opens.get();

        ShardHarness.Done<PutResult> copied = copy("lake/a", "lake/c", false);

        assertThat(copied.result).isNotNull();
        assertThat(copied.result.created()).isTrue();
        assertThat(harness.readNow("lake/c").value).isEqualTo("one");
        assertThat(harness.readNow("lake/a").value).isEqualTo("one");
        assertThat(harness.store.opens.get()).as("the source stays a hit").isEqualTo(opens + 1);
    }

    @Test
    void shouldMoveFromOneStoreToAnother() {
        harness.store.put("a", "one");
        harness.readNow("lake/a");

        ShardHarness.Done<PutResult> moved = move("lake/a", "pond/x/a", false);

        assertThat(moved.error).as(moved.message).isNull();
        assertThat(harness.readNow("pond/x/a").value).isEqualTo("one");
        assertThat(harness.readNow("lake/a").error).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void shouldKeepTheSourceWhenTheTargetStoreFails() {
        harness.store.put("a", "one");
        harness.readNow("lake/a");
        int opens = harness.store.opens.get();
        pond.failure = StorageException.of(StorageException.Kind.PERMISSION_DENIED).build();

        ShardHarness.Done<PutResult> moved = move("lake/a", "pond/a", false);

        assertThat(moved.error).isEqualTo(ErrorCode.STORE_REFUSED);
        assertThat(harness.readNow("lake/a").value).isEqualTo("one");
        assertThat(harness.store.opens.get()).as("read once to be copied, and still a hit").isEqualTo(opens + 1);
    }

    @Test
    void shouldBlameTheStoreWhoseBodyHasAnotherLengthThanItSaid() {
        harness.store.put("a", "one");
        harness.store.missingBytes = 1;

        ShardHarness.Done<PutResult> shorter = move("lake/a", "pond/a", false);
        harness.store.missingBytes = 0;
        harness.store.surplusBytes = 1;
        ShardHarness.Done<PutResult> longer = move("lake/a", "pond/a", false);
        harness.store.surplusBytes = 0;

        assertThat(shorter.error).as(shorter.message).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(longer.error).as(longer.message).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(harness.readNow("pond/a").error).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(harness.readNow("lake/a").value).isEqualTo("one");
    }

    @Test
    void shouldTellAndDropBothWhenTheRemovalFailsAfterTheCopy() {
        harness.store.put("a", "one");
        pond.put("a", "old");
        harness.readNow("pond/a");
        harness.store.deleteFailure = StorageException.of(StorageException.Kind.PERMISSION_DENIED).build();

        ShardHarness.Done<PutResult> moved = move("lake/a", "pond/a", true);

        assertThat(moved.error).isEqualTo(ErrorCode.STORE_REFUSED);
        assertThat(harness.readNow("pond/a").value).as("it was written all the same").isEqualTo("one");
        assertThat(harness.readNow("lake/a").value).isEqualTo("one");
    }

    @Test
    void shouldMoveAndCopyFramesOfTheCacheAlone() {
        harness.putNow("cache/a", "one");

        assertThat(copy("cache/a", "cache/b", false).error).isNull();
        assertThat(harness.readNow("cache/b").value).isEqualTo("one");
        assertThat(harness.readNow("cache/a").value).isEqualTo("one");

        assertThat(move("cache/a", "cache/c", false).error).isNull();
        assertThat(harness.readNow("cache/c").value).isEqualTo("one");
        assertThat(harness.readNow("cache/a").error).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void shouldGiveErrorsInTheOrderOfTheStores() {
        harness.store.put("a", "one");
        harness.store.put("d/x", "two");
        harness.putNow("cache/a", "one");
        harness.putNow("cache/b", "two");

        assertThat(move("nowhere/a", "lake/b", false).error).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(move("lake", "lake/b", false).error).as("a mount point").isEqualTo(ErrorCode.INVALID_KEY);
        assertThat(move("lake/none", "lake", false).error).as("a root outranks a missing source").isEqualTo(
                ErrorCode.INVALID_KEY);
        assertThat(move("lake/none", "lake/a", false).error).as("a missing source outranks a target that is there")
                .isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(move("lake/d", "lake/e", false).error).as("a folder").isEqualTo(ErrorCode.INVALID_KEY);
        assertThat(move("lake/a", "lake/d/x", false).error).isEqualTo(ErrorCode.ALREADY_EXISTS);
        assertThat(move("lake/none", "pond/a", false).error).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(move("lake/d", "pond/a", false).error).isEqualTo(ErrorCode.INVALID_KEY);
        assertThat(move("lake/a", "lake/a", false).error).as("onto itself").isNull();
        assertThat(move("lake/none", "lake/none", false).error).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(move("cache/none", "cache/a", false).error).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(move("cache/a", "cache/b", false).error).isEqualTo(ErrorCode.ALREADY_EXISTS);
        assertThat(move("cache/a", "cache/a", false).error).isNull();
    }

    @Test
    void shouldRefuseWhatAMountMustNot() {
        harness.store.put("a", "one");
        harness.putNow("cache/a", "one");

        assertThat(move("lake/a", "frozen/b", false).error).isEqualTo(ErrorCode.NOT_SUPPORTED);
        assertThat(move("frozen/a", "lake/b", false).error).isEqualTo(ErrorCode.NOT_SUPPORTED);
        assertThat(copy("frozen/a", "frozen/b", false).error).isEqualTo(ErrorCode.NOT_SUPPORTED);
        assertThat(copy("cache/a", "lake/b", false).error).isEqualTo(ErrorCode.NOT_SUPPORTED);
        assertThat(copy("lake/a", "cache/b", false).error).isEqualTo(ErrorCode.NOT_SUPPORTED);
        assertThat(harness.readNow("lake/a").value).isEqualTo("one");
    }

    @Test
    void shouldNotMoveAnObjectOntoItselfThroughASecondMountOfItsStore() {
        harness.store.put("a", "one");

        ShardHarness.Done<PutResult> moved = move("lake/a", "twin/a", true);

        assertThat(moved.error).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(harness.readNow("lake/a").value).isEqualTo("one");
    }

    @Test
    void shouldKeepAValueThatIsPutWhileTheOldOneIsMovedAway() {
        harness.putNow("cache/a", "one");
        ShardHarness.Done<PutResult> moved = begin("cache/a", "cache/b", false, false);

        harness.putNow("cache/a", "new");
        harness.stepUntil(moved::isDone);

        assertThat(harness.readNow("cache/b").value).isEqualTo("one");
        assertThat(harness.readNow("cache/a").value).isEqualTo("new");
    }

    private ShardHarness.Done<PutResult> move(String from, String to, boolean overwrite) {
        ShardHarness.Done<PutResult> done = begin(from, to, false, overwrite);
        harness.stepUntil(done::isDone);
        return done;
    }

    private ShardHarness.Done<PutResult> copy(String from, String to, boolean overwrite) {
        ShardHarness.Done<PutResult> done = begin(from, to, true, overwrite);
        harness.stepUntil(done::isDone);
        return done;
    }

    private ShardHarness.Done<PutResult> begin(String from, String to, boolean keepsSource, boolean overwrite) {
        ShardHarness.Done<PutResult> done = new ShardHarness.Done<>();
        harness.shard.move(new MoveRequest(Key.of(from), Key.of(to), keepsSource, overwrite, 1_000), done);
        return done;
    }
}
