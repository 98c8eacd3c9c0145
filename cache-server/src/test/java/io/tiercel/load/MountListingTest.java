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
        assertThatThrownBy(() -> new MountListing(mounts, "hot", false)).isInstanceOfSatisfying(TiercelException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_SUPPORTED));
    }

    @Test
    void shouldSayNotFoundWhereNoMountIs() {
        assertThatThrownBy(() -> new MountListing(mounts, "elsewhere", false)).isInstanceOfSatisfying(
                TiercelException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void shouldBoundPageByTextAndLoseNothing() {
        for (int i = 0; i < 20; i++) {
            write(lake, "k" + i);
        }
        List<String> found = new ArrayList<>();
        int pages = 0;
        try (MountListing listing = new MountListing(mounts, "lake", false)) {
            List<ListedEntry> page = listing.nextPage(100, 200);
            while (!page.isEmpty()) {
                pages++;
                page.forEach(entry -> found.add(entry.path()));
                page = listing.nextPage(100, 200);
            }
        }

        assertThat(pages).isGreaterThan(2);
        assertThat(found).hasSize(21).doesNotHaveDuplicates().contains("lake/x", "lake/k19");
    }

    private List<String> paths(String path, boolean isRecursive) {
        List<String> found = new ArrayList<>();
        try (MountListing listing = new MountListing(mounts, path, isRecursive)) {
            List<ListedEntry> page = listing.nextPage(3, 1 << 20);
            while (!page.isEmpty()) {
                page.forEach(entry -> found.add(entry.path()));
                page = listing.nextPage(3, 1 << 20);
            }
        }
        return found;
    }

    private static void write(MemoryStorage store, String path) {
        store.write(StorePath.of(path), ByteBuffer.wrap(new byte[]{1}), WriteOptions.REPLACE);
    }
}
