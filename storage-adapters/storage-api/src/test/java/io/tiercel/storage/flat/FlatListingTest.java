package io.tiercel.storage.flat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FlatListingTest {
    private final StorageGuard guard = new StorageGuard("flat:", Set.of());
    private int requests;

    /** Sorted names, a slash behind those of folders, in pages. */
    private final class Pages implements KeyPages {
        private final Iterator<List<String>> pages;

        private Pages(List<List<String>> pages) {
            this.pages = pages.iterator();
        }

        @Override
        public List<ObjectInfo> next() {
            requests++;
            if (!pages.hasNext()) {
                return List.of();
            }
            List<String> page = pages.next();
            if (page.contains("fails")) {
                throw StorageException.of(StorageException.Kind.UNAVAILABLE).build();
            }
            return page.stream().map(name -> name.endsWith("/")
                    ? ObjectInfo.folder(StorePath.of(name)).build()
                    : ObjectInfo.file(StorePath.of(name)).build()).toList();
        }

        @Override
        public void close() {
            requests += 1000;
        }
    }

    private FlatListing listing(String folder, ListOptions options, List<List<String>> pages) {
        return new FlatListing(guard, StorePath.of(folder), options, new Pages(pages), () -> {});
    }

    private List<String> shown(String folder, ListOptions options, List<List<String>> pages) {
        List<String> names = new ArrayList<>();
        try (ListingCursor listing = listing(folder, options, pages)) {
            for (List<ObjectInfo> page = listing.nextPage(); !page.isEmpty(); page = listing.nextPage()) {
                assertThat(page).hasSizeLessThanOrEqualTo(options.pageSize());
                page.forEach(info -> names.add(info.isFolder() ? info.path() + "/" : info.path().toString()));
            }
        }
        return names;
    }

    @Test
    void shouldShowEachFolderBeforeWhatIsInIt() {
        List<List<String>> pages = List.of(List.of("a", "a-1", "a/b"), List.of("a/c/d", "a/c/e/f"),
                List.of("a/c/g", "b/h"));

        assertThat(shown("", ListOptions.RECURSIVE.pageSize(2), pages)).containsExactly("a", "a-1", "a/", "a/b", "a/c/",
                "a/c/d", "a/c/e/", "a/c/e/f", "a/c/g", "b/", "b/h");
        assertThat(shown("a", ListOptions.RECURSIVE, List.of(List.of("a/b", "a/c/d")))).containsExactly("a/b", "a/c/",
                "a/c/d");
    }

    @Test
    void shouldCutAtTheDepth() {
        List<List<String>> pages = List.of(List.of("r/a/b/c/d", "r/a/b/e", "r/a/f", "r/g"));

        assertThat(shown("r", ListOptions.DIRECT, pages)).containsExactly("r/a/", "r/g");
        assertThat(shown("r", ListOptions.DIRECT.depth(1), pages)).containsExactly("r/a/", "r/a/b/", "r/a/f", "r/g");
        assertThat(shown("r", ListOptions.DIRECT.depth(2), pages)).containsExactly("r/a/", "r/a/b/", "r/a/b/c/",
                "r/a/b/e", "r/a/f", "r/g");
    }

    @Test
    void shouldTakeTheFoldersOfADelimiter() {
        List<List<String>> pages = List.of(List.of("r/a/", "r/b"), List.of("r/c/", "r/d"));

        assertThat(shown("r", ListOptions.DIRECT, pages)).containsExactly("r/a/", "r/b", "r/c/", "r/d");
    }

    @Test
    void shouldAskForAPageWhenItIsNeededAndNotBefore() {
        FlatListing listing = listing("", ListOptions.RECURSIVE.pageSize(2),
                List.of(List.of("a", "b"), List.of("c"), List.of("d")));
        assertThat(requests).isZero();

        assertThat(listing.nextPage()).hasSize(2);
        assertThat(requests).isEqualTo(1);
        assertThat(listing.nextPage()).hasSize(2);
        assertThat(requests).isEqualTo(3);
        listing.close();
        assertThat(requests).isEqualTo(1003);
    }

    @Test
    void shouldGoOnFailingAfterItFailed() {
        try (FlatListing listing = listing("", ListOptions.RECURSIVE.pageSize(1),
                List.of(List.of("a"), List.of("fails"), List.of("b")))) {
            assertThat(listing.nextPage()).hasSize(1);

            assertThatExceptionOfType(StorageException.class).isThrownBy(listing::nextPage);
            assertThatExceptionOfType(StorageException.class).isThrownBy(listing::nextPage);
        }
        assertThat(requests).isEqualTo(1002);
    }

    @Test
    void shouldAskForTheKindOnlyWhereThereIsNothing() {
        List<String> calls = new ArrayList<>();
        try (FlatListing empty = new FlatListing(guard, StorePath.of("f"), ListOptions.DIRECT, new Pages(List.of()),
                () -> calls.add("empty"));
                FlatListing full = new FlatListing(guard, StorePath.of("f"), ListOptions.DIRECT,
                        new Pages(List.of(List.of("f/a"))), () -> calls.add("full"))) {
            assertThat(empty.nextPage()).isEmpty();
            assertThat(empty.nextPage()).isEmpty();
            assertThat(full.nextPage()).hasSize(1);
            assertThat(full.nextPage()).isEmpty();
        }

        assertThat(calls).containsExactly("empty");
    }
}
