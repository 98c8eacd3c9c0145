package io.tiercel.storage.jdbc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.contract.ListingProbe;
import io.tiercel.storage.contract.TransferProbe;
import io.tiercel.storage.contract.Transfers;
import io.tiercel.storage.contract.fault.FaultProxy;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What listings and transfers cost, counted over all threads, since calls run on others than the caller's. The long form
 * ({@code -Dtiercel.full=true}) has the sizes of the promise.
 */
class JdbcFiguresTest {
    private static final boolean FULL = Boolean.getBoolean("tiercel.full");
    private static final long MIB = 1024 * 1024;
    private static final int FEW = 10_000;
    private static final int MANY = FULL ? 1_000_000 : 100_000;
    private static final int CROWD = FULL ? MANY : FEW;
    private static final String EXPECTED = "listed=" + CROWD + " counted=" + CROWD;
    private static final long LENGTH = FULL ? 1024 * MIB : 64 * MIB;
    private static final int ROUNDS = 3;

    @TempDir
    static Path folder;
    private static @Nullable PostgresServer running;

    @BeforeAll
    static void startServer() {
        running = PostgresServer.start(folder);
    }

    @AfterAll
    static void stopServer() throws IOException {
        if (running != null) {
            running.close();
        }
    }

    private static PostgresServer server() {
        return requireNonNull(running, "started before all tests");
    }

    private static double allocatedPerObject(LongSupplier walk, int count) {
        double least = Double.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            long before = Transfers.allocatedByAllThreads();
            assertThat(walk.getAsLong()).isEqualTo(count);
            least = Math.min(least, (double) (Transfers.allocatedByAllThreads() - before) / count);
        }
        return least;
    }

    private static void assertSamePerObject(String what, ToLongFunction<String> walk) {
        allocatedPerObject(() -> walk.applyAsLong("many"), MANY);

        double few = allocatedPerObject(() -> walk.applyAsLong("few"), FEW);
        double many = allocatedPerObject(() -> walk.applyAsLong("many"), MANY);

        System.out.printf("postgres, %s: %.0f bytes an object of %d, %.0f of %d%n", what, few, FEW, many, MANY);
        assertThat(many / few).as(what).isCloseTo(1.0, within(0.05));
    }

    private static long listed(StorageAdapter store, String path) {
        long count = 0;
        try (ListingCursor cursor = store.list(StorePath.of(path), ListOptions.DIRECT)) {
            for (List<ObjectInfo> page = cursor.nextPage(); !page.isEmpty(); page = cursor.nextPage()) {
                count += page.size();
            }
        }
        return count;
    }

    @Test
    void shouldAllocateTheSamePerObjectOfPostgresHoweverManyThereAre() throws Exception {
        try (SharedClients clients = new SharedClients(0); StorageAdapter store = server().open("listed", clients)) {
            server().populate("listed", "few", FEW);
            server().populate("listed", "many", MANY);

            assertSamePerObject("listing", folder -> listed(store, folder));
            assertSamePerObject("totals", folder -> store.totals(StorePath.of(folder)).count());
        }
    }

    @Test
    void shouldKeepTheHeapSmallThroughATransferWithPostgres() {
        try (SharedClients clients = new SharedClients(0); StorageAdapter store = server().open("carried", clients)) {
            transfer("postgres", store);
        }
    }

    @Test
    void shouldKeepTheHeapSmallThroughATransferWithH2() {
        TestDatabase database = new H2Database("file:" + folder.resolve("db"));
        try (SharedClients clients = new SharedClients(0); StorageAdapter store = database.open("blobs", clients)) {
            transfer("h2", store);
        }
    }

    @Test
    void shouldCarryALargeObjectWithPostgresWithinASmallHeap() throws Exception {
        String said = assertCarried("postgres", server().uri("probed"));

        // Reads make an array of each chunk, in the driver; writes make none.
        long written = Long.parseLong(said.replaceAll(".*write=(\\d+) .*", "$1"));
        assertThat(written).as("allocated to write %s bytes", LENGTH).isLessThan(24 * MIB + LENGTH / 16);
    }

    @Test
    void shouldCarryALargeObjectWithH2WithinASmallHeap() throws Exception {
        assertCarried("h2", new H2Database("file:" + folder.resolve("probed")).uri("probed"));
    }

    @Test
    void shouldReadLittleOfAnObjectThatIsClosedEarly() {
        try (FaultProxy proxy = FaultProxy.raw(server().port());
                SharedClients clients = new SharedClients(0);
                StorageAdapter store = new JdbcStorageProvider()
                        .open(URI.create(PostgresServer.uriAt(proxy.port(), "abandoned")), clients)) {
            StorePath path = StorePath.of("large");
            store.write(path, new Watched(LENGTH, () -> {}), LENGTH, WriteOptions.CREATE);
            proxy.clearCounts();

            try (ObjectRead read = store.open(path)) {
                for (int count = 0; count < 1024;) {
                    count += read.read(ByteBuffer.allocate(1024 - count));
                }
            }

            // A chunk, as text at first: the driver asks for bytes only after some executions.
            assertThat(proxy.byteCount()).isLessThan(MIB);
        }
    }

    @Test
    void shouldListAndAddUpManyObjectsOfPostgresWithinASmallHeap() throws Exception {
        server().populate("crowd", "many", CROWD);

        assertThat(ListingProbe.run(server().uri("crowd"), "many")).startsWith(EXPECTED);
    }

    @Test
    void shouldListAndAddUpManyObjectsOfH2WithinASmallHeap() throws Exception {
        TestDatabase database = new H2Database("file:" + folder.resolve("crowd"));
        database.populate("crowd", "many", CROWD);

        assertThat(ListingProbe.run(database.uri("crowd"), "many")).startsWith(EXPECTED);
    }

    /** The object is as long as the heap of that process, or longer. */
    private static String assertCarried(String name, String uri) throws IOException {
        String said = TransferProbe.run(uri, LENGTH);

        System.out.println(name + ": " + said);
        assertThat(said).startsWith("wrote=" + LENGTH + " read=" + LENGTH);
        return said;
    }

    private static void transfer(String name, StorageAdapter store) {
        StorePath small = StorePath.of("small");
        store.write(small, new Watched(4 * MIB, () -> {}), 4 * MIB, WriteOptions.CREATE);
        drain(store, small, 4 * MIB, () -> {});
        StorePath path = StorePath.of("large");
        HeapWatch heap = new HeapWatch();

        store.write(path, new Watched(LENGTH, heap::look), LENGTH, WriteOptions.CREATE);
        drain(store, path, LENGTH, heap::look);

        System.out.printf("%s: %d MiB there and back, heap grew by %d KiB at most%n", name, LENGTH / MIB,
                heap.growth() / 1024);
        assertThat(heap.growth()).isLessThan(4 * MIB);
    }

    private static void drain(StorageAdapter store, StorePath path, long length, Runnable onWay) {
        ByteBuffer target = ByteBuffer.allocateDirect(64 * 1024);
        long count = 0;
        try (ObjectRead read = store.open(path)) {
            while (read.read(target.clear()) >= 0) {
                long before = count;
                count += target.position();
                if (before / (LENGTH / 4) != count / (LENGTH / 4)) {
                    onWay.run();
                }
            }
        }
        assertThat(count).isEqualTo(length);
    }

    /** How much more is alive on the heap than at first, each time after a collection. Not threadsafe. */
    private static final class HeapWatch {
        private final long before = alive();
        private long most = before;

        private void look() {
            most = Math.max(most, alive());
        }

        private long growth() {
            return most - before;
        }

        /** The least of some looks: what another thread holds for a moment is not counted. */
        private static long alive() {
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 3; i++) {
                System.gc();
                Runtime runtime = Runtime.getRuntime();
                least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
            }
            return least;
        }
    }

    /** Zeros, and a look at each quarter. Not threadsafe. */
    private static final class Watched implements ReadableByteChannel {
        private final long length;
        private final Runnable look;
        private long position;

        private Watched(long length, Runnable look) {
            this.length = length;
            this.look = look;
        }

        @Override
        public int read(ByteBuffer target) {
            if (position == length) {
                return -1;
            }
            int count = (int) Math.min(target.remaining(), length - position);
            long before = position;
            position += count;
            target.position(target.position() + count);
            if (before / (length / 4) != position / (length / 4)) {
                look.run();
            }
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
