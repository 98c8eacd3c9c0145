package io.tiercel.storage.contract;

import static io.tiercel.storage.contract.StoreUnderTest.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The same with a server that gives pages, and counts them. */
public abstract class PagedListingFigures extends ListingFigures {
    /** For another process. */
    protected abstract String uri();

    /** Pages that were asked for since the server's start. */
    protected abstract long pagesAsked();

    @Test
    void shouldGiveTheFirstItemAfterOnePage() {
        long before = pagesAsked();
        try (ListingCursor cursor = store().list(at(MANY_FOLDER), ListOptions.RECURSIVE.pageSize(10))) {
            assertThat(pagesAsked()).as("before the first").isEqualTo(before);

            assertThat(cursor.nextPage()).hasSize(10);

            assertThat(pagesAsked()).isEqualTo(before + 1);
        }
    }

    @Test
    void shouldAskNothingAfterAnEarlyClose() {
        long before = pagesAsked();
        try (ListingCursor cursor = store().list(at(MANY_FOLDER), ListOptions.RECURSIVE.pageSize(10))) {
            assertThat(cursor.nextPage()).hasSize(10);
        }

        assertThat(pagesAsked() - before).isLessThanOrEqualTo(2);
    }

    @Test
    void shouldListAndAddUpVeryManyInASmallHeap() throws IOException {
        assertThat(ListingProbe.run(uri(), MANY_FOLDER)).isEqualTo(expectedOfProbe());
    }
}
