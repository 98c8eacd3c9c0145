package io.tiercel.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.tiercel.storage.FolderTotals;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.StorePath;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What listings and folder totals cost, against a server that makes up its objects. */
@Timeout(value = 600, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class S3ListingCostTest {
    private static final int FEW = 10_000;
    private static final int MANY = 1_000_000;
    private static final int SAMPLED = 100_000;
    private static final StorePath FOLDER = StorePath.of("folder");

    private FakeLister server;
    private StorageProviders providers;
    private StorageAdapter store;

    @BeforeEach
    void startServer() throws IOException {
        server = new FakeLister().folder("folder", FEW).folder("many", isFull() ? MANY : SAMPLED);
        providers = StorageProviders.load();
        store = providers.open(server.store());
    }

    @AfterEach
    void stopServer() {
        store.close();
        providers.close();
        server.close();
    }

    @Test
    void shouldGiveTheFirstItemAfterOneRequest() {
        try (ListingCursor cursor = store.list(FOLDER, ListOptions.RECURSIVE)) {
            assertThat(server.requests()).isZero();

            assertThat(cursor.nextPage()).isNotEmpty();

            assertThat(server.requests()).isEqualTo(1);
        }
    }

    @Test
    void shouldAskNothingAfterAnEarlyClose() {
        try (ListingCursor cursor = store.list(FOLDER, ListOptions.RECURSIVE.pageSize(10))) {
            assertThat(cursor.nextPage()).hasSize(10);
        }

        assertThat(server.requests()).isLessThanOrEqualTo(2);
    }

    @Test
    void shouldAskOncePerPage() {
        assertThat(ListingMain.count(store, FOLDER)).isEqualTo(FEW);

        assertThat(server.requests()).isEqualTo(FEW / 1000);
    }

    @Test
    void shouldAllocateTheSamePerObjectInAListingOfAnyLength() {
        StorePath many = StorePath.of("many");
        warmUp(() -> ListingMain.count(store, FOLDER));

        double few = allocatedPerObject(() -> ListingMain.count(store, FOLDER));
        double lots = allocatedPerObject(() -> ListingMain.count(store, many));

        System.out.printf("listing: %.0f bytes an object of %d, %.0f of the many%n", few, FEW, lots);
        assertThat(lots / few).isCloseTo(1.0, within(0.05));
    }

    @Test
    void shouldAllocateTheSamePerObjectInTotalsOfAnySize() {
        StorePath many = StorePath.of("many");
        warmUp(() -> store.totals(FOLDER).count());

        double few = allocatedPerObject(() -> store.totals(FOLDER).count());
        double lots = allocatedPerObject(() -> store.totals(many).count());

        System.out.printf("totals: %.0f bytes an object of %d, %.0f of the many%n", few, FEW, lots);
        assertThat(lots / few).isCloseTo(1.0, within(0.05));
    }

    @Test
    void shouldAddUpTheFolder() {
        FolderTotals totals = store.totals(FOLDER);

        assertThat(totals.count()).isEqualTo(FEW);
        assertThat(totals.bytes()).isEqualTo((long) FEW * FakeLister.OBJECT_LENGTH);
    }

    @Test
    void shouldListAMillionInASmallHeap() throws Exception {
        assumeTrue(isFull(), "the long form, with -Pfull");
        Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m", "-cp", System.getProperty("java.class.path"), ListingMain.class.getName(), server.store(),
                "many").redirectError(ProcessBuilder.Redirect.INHERIT).start();

        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(child.waitFor()).isZero();
        assertThat(said.strip()).isEqualTo("listed=" + MANY + " counted=" + MANY + " bytes=" + 3L * MANY);
    }

    private static boolean isFull() {
        return Boolean.getBoolean("tiercel.full");
    }

    private static void warmUp(LongSupplier listing) {
        for (int i = 0; i < 3; i++) {
            assertThat(listing.getAsLong()).isEqualTo(FEW);
        }
    }

    private static double allocatedPerObject(LongSupplier listing) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        long seen = listing.getAsLong();
        return (double) (threads.getCurrentThreadAllocatedBytes() - before) / seen;
    }
}
