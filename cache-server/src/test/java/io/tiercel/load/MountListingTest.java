package io.tiercel.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.memory.MemoryStorage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountListingTest {
    private static final MountPolicy POLICY = MountPolicy.of(1 << 20);

    private final MemoryStorage lake = new MemoryStorage("lake", 1 << 20);
    private final MemoryStorage deep = new MemoryStorage("deep", 1 << 20);
    private final MountTable mounts = new MountTable(List.of(new Mount("lake", "memory:", lake, POLICY),
            new Mount("lake/x/deep", "memory:", deep, POLICY), new Mount("hot", "cache:", null, POLICY)));

    @Test
    void shouldShowMountPointsAsFoldersOfTheRoot() {
        assertThat(paths("", false)).containsExactlyInAnyOrder("hot", "lake");
    }

    @Test
    void shouldShowDeeperMountInsteadOfWhatItShadows() {
        write(lake, "a");
        write(lake, "x/shadowed");
        write(lake, "x/deep/hidden");
        write(deep, "seen");

        assertThat(paths("lake", true)).containsExactlyInAnyOrder("lake/a", "lake/x", "lake/x/shadowed", "lake/x/deep",
                "lake/x/deep/seen");
    }

    @Test
    void shouldShowMountThatCannotListBareInRecursiveListingFromAbove() {
        write(lake, "a");

        assertThat(paths("", true)).contains("hot", "lake", "lake/a");
    }

    @Test
    void shouldRefuseToListMountThatCannot() {
        assertThatThrownBy(() -> new MountListing(mounts, ListQuery.direct("hot"))).isInstanceOfSatisfying(
                TiercelException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_SUPPORTED));
    }

    @Test
    void shouldSayNotFoundWhereNoMountIs() {
        assertThatThrownBy(() -> new MountListing(mounts, ListQuery.direct("elsewhere"))).isInstanceOfSatisfying(
                TiercelException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void shouldBoundPageByTextAndLoseNothing() {
        for (int i = 0; i < 20; i++) {
            write(lake, "k" + i);
        }
        List<String> found = new ArrayList<>();
        int pages = 0;
        try (MountListing listing = new MountListing(mounts, ListQuery.direct("lake"))) {
            MountListing.Page page = listing.nextPage(100, 200);
            while (!page.isLast()) {
                pages++;
                page.entries().forEach(entry -> found.add(entry.path()));
                page = listing.nextPage(100, 200);
            }
        }

        assertThat(pages).isGreaterThan(2);
        assertThat(found).hasSize(21).doesNotHaveDuplicates().contains("lake/x", "lake/k19");
    }

    @Test
    void shouldShowWhatMatchesBelowThePrefixAcrossMounts() {
        write(lake, "a.csv");
        write(lake, "x/b.csv");
        write(lake, "x/deep/hidden.csv");
        write(deep, "c.csv");
        write(deep, "sub/d.csv");
        write(deep, "sub/e.txt");

        assertThat(matches("lake", "**/*.csv")).containsExactlyInAnyOrder("lake/a.csv", "lake/x/b.csv",
                "lake/x/deep/c.csv", "lake/x/deep/sub/d.csv");
        assertThat(matches("", "lake/x/**")).containsExactlyInAnyOrder("lake/x/b.csv", "lake/x/deep/c.csv",
                "lake/x/deep/sub/d.csv", "lake/x/deep/sub/e.txt");
        assertThat(matches("lake", "x/deep/[a-c].csv")).containsExactly("lake/x/deep/c.csv");
        assertThat(matches("lake", "*")).containsExactly("lake/a.csv");
        assertThat(matches("lake", "a.csv/*")).as("below a file lies nothing").isEmpty();
        assertThat(matches("", "hot/*")).as("a mount that cannot list shows nothing").isEmpty();
    }

    @Test
    void shouldGoAsDeepAsIsAskedForAcrossMounts() {
        write(lake, "a");
        write(lake, "x/b");
        write(lake, "x/y/c");
        write(deep, "d");
        write(deep, "sub/e");

        assertThat(paths(ListQuery.of("", 0, ""))).containsExactlyInAnyOrder("hot", "lake");
        assertThat(paths(ListQuery.of("", 1, ""))).containsExactlyInAnyOrder("hot", "lake", "lake/a", "lake/x");
        assertThat(paths(ListQuery.of("lake", 1, ""))).containsExactlyInAnyOrder("lake/a", "lake/x", "lake/x/b",
                "lake/x/y", "lake/x/deep");
        assertThat(paths(ListQuery.of("", 3, ""))).contains("lake/x/deep/d", "lake/x/deep/sub").doesNotContain(
                "lake/x/deep/sub/e");
        assertThat(paths(ListQuery.of("lake", 1, "**/?"))).containsExactlyInAnyOrder("lake/a", "lake/x/b");
    }

    @Test
    void shouldRefuseWhatIsNoPatternOrDepth() {
        assertThatThrownBy(() -> ListQuery.of("", 0, "a**")).isInstanceOfSatisfying(TiercelException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        assertThatThrownBy(() -> ListQuery.of("", 0, "..")).isInstanceOfSatisfying(TiercelException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        assertThatThrownBy(() -> ListQuery.of("", -1, "")).isInstanceOfSatisfying(TiercelException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    private List<String> matches(String path, String pattern) {
        return paths(ListQuery.of(path, Integer.MAX_VALUE, pattern));
    }

    private List<String> paths(String path, boolean isRecursive) {
        return paths(isRecursive ? ListQuery.recursive(path) : ListQuery.direct(path));
    }

    private List<String> paths(ListQuery query) {
        List<String> found = new ArrayList<>();
        try (MountListing listing = new MountListing(mounts, query)) {
            MountListing.Page page = listing.nextPage(3, 1 << 20);
            while (!page.isLast()) {
                page.entries().forEach(entry -> found.add(entry.path()));
                page = listing.nextPage(3, 1 << 20);
            }
        }
        return found;
    }

    private static void write(MemoryStorage store, String path) {
        store.write(StorePath.of(path), ByteBuffer.wrap(new byte[]{1}), WriteOptions.REPLACE);
    }
}
