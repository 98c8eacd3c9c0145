package io.tiercel.storage.contract;

import static io.tiercel.storage.contract.StoreUnderTest.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.FolderTotals;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorePath;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What listings and folder totals cost the calling thread, in a folder of ten thousand objects and in one of very many: a
 * million in the long form ({@code -Dtiercel.full=true}). For stores that can be given that many in a short time.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ListingFigures {
    protected static final String FEW_FOLDER = "few";
    protected static final String MANY_FOLDER = "many";
    protected static final int FEW = 10_000;
    protected static final int MANY = Boolean.getBoolean("tiercel.full") ? 1_000_000 : 60_000;

    private static final int HALF_WAY = 50_000;
    private static final int ROUNDS = 3;
    /** The compiler takes allocations away as it goes, late on a busy machine: until then two figures say little. */
    private static final int MAX_MEASUREMENTS = 8;
    private static final long MIB = 1024 * 1024;
    /** Two pages of a thousand take less than half of that; the entries half way some five times as much. */
    private static final long MAX_HELD = 2 * MIB;

    /** A store with both folders, named by {@link ListingCostContract#objectName}. */
    protected abstract StorageAdapter store();

    /** Of each object. */
    protected abstract int objectLength();

    @Test
    void shouldAllocateTheSamePerObjectInAListingOfAnyLength() {
        assertSamePerObject("listing", folder -> ListingProbe.count(store(), folder));
    }

    @Test
    void shouldAllocateTheSamePerObjectInTotalsOfAnySize() {
        assertSamePerObject("totals", folder -> store().totals(folder).count());
    }

    @Test
    void shouldAddUpTheFolder() {
        FolderTotals totals = store().totals(at(FEW_FOLDER));

        assertThat(totals.count()).isEqualTo(FEW);
        assertThat(totals.bytes()).isEqualTo((long) FEW * objectLength());
    }

    @Test
    void shouldHoldNoMoreThanTwoPages() {
        long before = heldBytes();
        try (ListingCursor cursor = store().list(at(MANY_FOLDER), ListOptions.RECURSIVE)) {
            for (long seen = 0; seen < HALF_WAY;) {
                seen += cursor.nextPage().size();
            }

            assertThat(heldBytes() - before).isLessThan(MAX_HELD);
        }
    }

    /** What a process with a small heap says of the large folder, when all is well. */
    protected final String expectedOfProbe() {
        return "listed=" + MANY + " counted=" + MANY + " bytes=" + (long) MANY * objectLength();
    }

    /** Goes through a folder, and gives the number of objects. */
    private interface Walk {
        long through(StorePath folder);
    }

    private static void assertSamePerObject(String what, Walk walk) {
        for (int i = 0; i < ROUNDS; i++) {
            assertThat(walk.through(at(FEW_FOLDER))).isEqualTo(FEW);
        }

        double few = 0;
        double many = 0;
        for (int i = 0; i < MAX_MEASUREMENTS && !isSame(few, many); i++) {
            few = allocatedPerObject(() -> walk.through(at(FEW_FOLDER)));
            many = allocatedPerObject(() -> walk.through(at(MANY_FOLDER)));
        }

        System.out.printf("%s: %.0f bytes an object of %d, %.0f of %d%n", what, few, FEW, many, MANY);
        assertThat(isSame(few, many)).as("%s bytes an object of %s, %s of %s", many, MANY, few, FEW).isTrue();
    }

    private static boolean isSame(double few, double many) {
        return few > 0 && Math.abs(many / few - 1) <= 0.05;
    }

    private static double allocatedPerObject(LongSupplier walk) {
        long before = Transfers.allocatedByThisThread();
        long seen = walk.getAsLong();
        return (double) (Transfers.allocatedByThisThread() - before) / seen;
    }

    /** What is alive on the heap: the least of some looks, so that what others hold for a moment does not count. */
    private static long heldBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
