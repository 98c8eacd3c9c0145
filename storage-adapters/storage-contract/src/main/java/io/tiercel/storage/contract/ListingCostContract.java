package io.tiercel.storage.contract;

import static io.tiercel.storage.contract.StoreUnderTest.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** A listing costs by the page, whatever lies in the folder. */
public interface ListingCostContract extends StoreUnderTest {
    int FEW = 10_000;
    int MANY = 100_000;
    int ROUNDS = 3;

    /** Puts {@code count} objects in a folder, named by {@link #objectName}. */
    default void populate(String folder, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            seed(folder + '/' + objectName(i), "");
        }
    }

    /** Names of one length. */
    static String objectName(int i) {
        return String.format(Locale.ROOT, "object-%07d", i);
    }

    @Test
    default void shouldAllocateTheSamePerObjectInSmallAndLargeFolders() throws Exception {
        needs(Capability.LIST);
        populate("fold-a", FEW);
        populate("fold-b", MANY);
        for (int i = 0; i < ROUNDS; i++) {
            allocatedPerObject("fold-a", FEW);
            allocatedPerObject("fold-b", MANY);
        }

        double few = allocatedPerObject("fold-a", FEW);
        double many = allocatedPerObject("fold-b", MANY);

        assertThat(many / few).as("%s bytes an object of %s, %s of %s", many, MANY, few, FEW).isCloseTo(1.0,
                within(0.05));
    }

    @Test
    default void shouldGiveTheFirstItemForThePriceOfAPage() throws Exception {
        needs(Capability.LIST);
        populate("fold-a", 1_000);
        populate("fold-b", FEW);
        firstPageAllocated("fold-a");
        firstPageAllocated("fold-b");

        long small = firstPageAllocated("fold-a");
        long large = firstPageAllocated("fold-b");

        assertThat(large).isLessThanOrEqualTo(2 * small);
    }

    private double allocatedPerObject(String folder, int count) {
        long before = Transfers.allocatedByThisThread();
        long seen = 0;
        try (ListingCursor cursor = store().list(at(folder), ListOptions.DIRECT)) {
            for (List<ObjectInfo> page = cursor.nextPage(); !page.isEmpty(); page = cursor.nextPage()) {
                seen += page.size();
            }
        }
        long bytes = Transfers.allocatedByThisThread() - before;
        assertThat(seen).isEqualTo(count);
        return (double) bytes / count;
    }

    private long firstPageAllocated(String folder) {
        long before = Transfers.allocatedByThisThread();
        try (ListingCursor cursor = store().list(at(folder), ListOptions.DIRECT.pageSize(100))) {
            assertThat(cursor.nextPage()).hasSize(100);
        }
        return Transfers.allocatedByThisThread() - before;
    }
}
