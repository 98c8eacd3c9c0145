package io.tiercel.storage.contract;

import static io.tiercel.storage.contract.StoreUnderTest.at;
import static io.tiercel.storage.contract.StoreUnderTest.nameOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What listings show, page by page. */
interface ListingContract extends StoreUnderTest {
    private void seedTree() {
        for (String path : List.of("data/a", "data/sub/b", "data/sub/deep/c", "dataset/x", "data.txt", "data-1/y")) {
            seed(path, path);
        }
    }

    @Test
    default void shouldShowFilesAndFoldersOfAFolder() {
        needs(Capability.LIST);
        seedTree();

        assertThat(names("", ListOptions.DIRECT)).containsExactly("data-1/", "data.txt", "data/", "dataset/");
        assertThat(names("data", ListOptions.DIRECT)).containsExactly("data/a", "data/sub/");
    }

    @Test
    default void shouldShowEverythingBelowAFolderByWholeSegments() {
        needs(Capability.LIST);
        seedTree();

        assertThat(names("data", ListOptions.RECURSIVE)).containsExactly("data/a", "data/sub/", "data/sub/b",
                "data/sub/deep/", "data/sub/deep/c");
        assertThat(names("", ListOptions.RECURSIVE)).hasSize(11).doesNotHaveDuplicates();
    }

    @Test
    default void shouldGoAsDeepAsAsked() {
        needs(Capability.LIST);
        seedTree();

        assertThat(names("data", ListOptions.DIRECT.depth(0))).containsExactly("data/a", "data/sub/");
        assertThat(names("data", ListOptions.DIRECT.depth(1))).containsExactly("data/a", "data/sub/", "data/sub/b",
                "data/sub/deep/");
        assertThat(names("data", ListOptions.DIRECT.depth(2))).hasSize(5).contains("data/sub/deep/c");
        assertThat(names("data/sub", ListOptions.DIRECT.depth(1))).containsExactly("data/sub/b", "data/sub/deep/",
                "data/sub/deep/c");
    }

    @Test
    default void shouldShowAMissingFolderAsEmpty() {
        needs(Capability.LIST);
        seedTree();

        assertThat(names("dat", ListOptions.RECURSIVE)).isEmpty();
        assertThat(names("no/such", ListOptions.DIRECT)).isEmpty();
        assertThat(names("data.txt/under", ListOptions.DIRECT)).isEmpty();
    }

    @Test
    default void shouldRefuseToListAFile() {
        needs(Capability.LIST);
        seedTree();

        try (ListingCursor cursor = store().list(at("data.txt"), ListOptions.DIRECT)) {
            assertFails(Kind.INVALID_PATH, cursor::nextPage);
            assertFails(Kind.INVALID_PATH, cursor::nextPage);
        }
    }

    @Test
    default void shouldDescribeEntriesAsInfoDoes() {
        needs(Capability.LIST, Capability.METADATA);
        seedTree();

        for (ObjectInfo entry : list("", ListOptions.RECURSIVE)) {
            ObjectInfo info = store().info(entry.path());
            assertThat(entry.kind()).isEqualTo(info.kind());
            assertThat(entry.length()).isEqualTo(info.length());
            assertThat(entry.etag()).isEqualTo(info.etag());
        }
    }

    @Test
    default void shouldGivePagesOfAtMostTheSizeAndThenEmptyOnes() {
        needs(Capability.LIST);
        for (int i = 0; i < 25; i++) {
            seed("folder/" + i, "x");
        }
        List<String> names = new ArrayList<>();

        try (ListingCursor cursor = store().list(at("folder"), ListOptions.DIRECT.pageSize(10))) {
            for (List<ObjectInfo> page = cursor.nextPage(); !page.isEmpty(); page = cursor.nextPage()) {
                assertThat(page).hasSizeLessThanOrEqualTo(10);
                page.forEach(info -> names.add(nameOf(info)));
            }
            assertThat(cursor.nextPage()).isEmpty();
        }

        assertThat(names).hasSize(25).doesNotHaveDuplicates();
    }

    @Test
    default void shouldAskNothingBeforeTheFirstPage() {
        needs(Capability.LIST);

        try (ListingCursor cursor = store().list(at("folder"), ListOptions.DIRECT)) {
            seed("folder/late", "x");
            assertThat(cursor.nextPage()).hasSize(1);
        }
    }

    @Test
    default void shouldEndAListingAtItsClose() {
        needs(Capability.LIST);
        seedTree();
        ListingCursor cursor = store().list(at(""), ListOptions.RECURSIVE.pageSize(2));
        assertThat(cursor.nextPage()).isNotEmpty();

        cursor.close();
        cursor.close();

        assertThatIllegalStateException().isThrownBy(cursor::nextPage);
    }

    @Test
    default void shouldShowWhatStaysExactlyOnceWhileOthersComeAndGo() {
        needs(Capability.LIST, Capability.DELETE, Capability.WRITE);
        for (int i = 0; i < 50; i++) {
            seed("live/stays-" + i, "x");
            seed("live/goes-" + i, "x");
        }
        List<String> shown = new ArrayList<>();

        try (ListingCursor cursor = store().list(at(""), ListOptions.RECURSIVE.pageSize(7))) {
            int turn = 0;
            for (List<ObjectInfo> page = cursor.nextPage(); !page.isEmpty(); page = cursor.nextPage()) {
                page.forEach(info -> shown.add(nameOf(info)));
                for (int i = 0; i < 5 && turn < 50; i++, turn++) {
                    store().delete(at("live/goes-" + turn), false);
                    write("live/comes-" + turn, "x");
                }
            }
        }

        Set<String> stays = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            stays.add("live/stays-" + i);
        }
        assertThat(shown).containsAll(stays).doesNotHaveDuplicates();
    }
}
