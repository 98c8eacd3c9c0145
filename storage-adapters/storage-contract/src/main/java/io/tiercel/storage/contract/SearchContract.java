package io.tiercel.storage.contract;

import static io.tiercel.storage.contract.StoreUnderTest.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.Capability;
import io.tiercel.storage.FolderTotals;
import io.tiercel.storage.Glob;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Files by pattern, and what lies in a folder altogether. */
interface SearchContract extends StoreUnderTest {
    private void seedTree() {
        for (String path : List.of("data/a.txt", "data/b.csv", "data/sub/c.txt", "data/sub/deep/d.txt",
                "database/e.txt",
                "top.txt")) {
            seed(path, path);
        }
    }

    private List<String> found(String folder, String pattern, ListOptions options) {
        List<String> names = new ArrayList<>();
        try (ListingCursor cursor = store().glob(at(folder), Glob.of(pattern), options)) {
            for (List<ObjectInfo> page = cursor.nextPage(); !page.isEmpty(); page = cursor.nextPage()) {
                page.forEach(info -> names.add(info.path().toString()));
            }
            assertThat(cursor.nextPage()).isEmpty();
        }
        names.sort(null);
        return names;
    }

    @Test
    default void shouldFindFilesByPattern() {
        needs(Capability.LIST, Capability.GLOB);
        seedTree();

        assertThat(found("", "*.txt", ListOptions.RECURSIVE)).containsExactly("top.txt");
        assertThat(found("", "data/*.txt", ListOptions.RECURSIVE)).containsExactly("data/a.txt");
        assertThat(found("", "data/**", ListOptions.RECURSIVE)).containsExactly("data/a.txt", "data/b.csv",
                "data/sub/c.txt", "data/sub/deep/d.txt");
        assertThat(found("data", "**/*.txt", ListOptions.RECURSIVE.pageSize(1))).containsExactly("data/a.txt",
                "data/sub/c.txt", "data/sub/deep/d.txt");
        assertThat(found("", "data*/?.txt", ListOptions.RECURSIVE)).containsExactly("data/a.txt", "database/e.txt");
        assertThat(found("", "data/su*", ListOptions.RECURSIVE)).as("files only").isEmpty();
        assertThat(found("", "top.txt/*", ListOptions.RECURSIVE)).as("below a file").isEmpty();
        assertThat(found("no/such", "**", ListOptions.RECURSIVE)).isEmpty();
    }

    @Test
    default void shouldCutAtTheDepthBeforeThePattern() {
        needs(Capability.LIST, Capability.GLOB);
        seedTree();

        assertThat(found("", "data/**", ListOptions.DIRECT.depth(1))).containsExactly("data/a.txt", "data/b.csv");
        assertThat(found("", "data/sub/*", ListOptions.DIRECT.depth(1))).isEmpty();
        assertThat(found("", "**/*.txt", ListOptions.DIRECT)).containsExactly("top.txt");
    }

    @Test
    default void shouldAddUpAFolder() {
        needs(Capability.LIST, Capability.METADATA);
        seedTree();

        FolderTotals totals = store().totals(at("data"));

        assertThat(totals.count()).isEqualTo(4);
        assertThat(totals.bytes()).isEqualTo("data/a.txtdata/b.csvdata/sub/c.txtdata/sub/deep/d.txt".length());
        long newestMs = 0;
        for (String path : files("data")) {
            newestMs = Math.max(newestMs, info(path).lastModifiedMs());
        }
        assertThat(totals.newestMs()).isEqualTo(newestMs);
        assertThat(store().totals(at("")).count()).isEqualTo(6);
    }

    @Test
    default void shouldAddUpNothingToZeroAndMissToNotFound() {
        needs(Capability.LIST, Capability.METADATA);

        assertThat(store().totals(at(""))).isEqualTo(new FolderTotals(0, 0, 0));

        seedTree();
        assertFails(Kind.NOT_FOUND, () -> store().totals(at("no/such")));
        assertFails(Kind.NOT_FOUND, () -> store().totals(at("dat")));
        assertFails(Kind.NOT_FOUND, () -> store().totals(at("top.txt/under")));
        assertFails(Kind.INVALID_PATH, () -> store().totals(at("top.txt")));
    }
}
