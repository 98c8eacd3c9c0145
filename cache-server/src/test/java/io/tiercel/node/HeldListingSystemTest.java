package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import io.tiercel.client.ListEntry;
import io.tiercel.client.Listing;
import io.tiercel.client.PutOptions;
import io.tiercel.client.Served;
import io.tiercel.client.TiercelClient;
import io.tiercel.load.MountPolicy;
import io.tiercel.load.Protection;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorePath;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listings that are left half way, and writers meanwhile: what is asserted are puts that were acknowledged while the
 * listing was held, and what it shows after them. Times are printed.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class HeldListingSystemTest {
    private static final Logger LOG = LoggerFactory.getLogger(HeldListingSystemTest.class);
    private static final boolean IS_FULL = Boolean.getBoolean("tiercel.full");
    private static final int MEMORY_ENTRIES = IS_FULL ? 1_000_000 : 10_000;
    private static final int FILE_ENTRIES = IS_FULL ? 100_000 : 2_000;
    private static final int PUTS = IS_FULL ? 20_000 : 2_000;
    /** Each is forced to the disk. */
    private static final int FILE_PUTS = IS_FULL ? 2_000 : 200;
    private static final int HELD = 20;
    private static final int PAGE_ENTRIES = 100;
    private static final String MEMORY = "memory";
    private static final String FILE = "file";
    private static final String PUT = "/p";
    private static final long STORE_TIMEOUT_MS = 20_000;

    @TempDir
    Path temp;

    private final String name = UUID.randomUUID().toString();
    private final SlowStore memory = new SlowStore(0);
    private final SlowStore endless = new SlowStore(0);
    private Path files;
    private TiercelNode node;
    @SuppressWarnings("NullAway.Init") // with the node
    private TiercelClient client;

    @BeforeEach
    void launch() throws IOException {
        files = Files.createDirectory(temp.resolve("files"));
        Protection protection = Protection.USUAL.withTimeout(STORE_TIMEOUT_MS);
        MountPolicy policy = MountPolicy.of(1 << 20).with(protection);
        node = TiercelNode.launch(new NodeSettings.Context().dir(temp.resolve("node")).mappedCapacity(256L << 20)
                .profile(Profile.COMPACT).udpEndpoint(NodeSettings.OFF).httpEndpoint("127.0.0.1:0").drainDeadlineMs(
                        1_000)
                .mount(new MountSettings(MEMORY, ModelStoreProvider.register("memory-" + name, memory), policy, false))
                .mount(new MountSettings("endless", ModelStoreProvider.register("endless-" + name, endless), policy
                        .with(protection.withPermits(HELD / 2)), false))
                .mount(new MountSettings("file", files.toUri(), policy, false))
                .mount(MountSettings.cacheOnly("cache", 1 << 20)).conclude());
        client = TiercelClient.connect(new TiercelClient.Context().nodeDir(node.dir()).connectTimeoutNs(
                TimeUnit.MINUTES.toNanos(1)).requestTimeoutNs(TimeUnit.MINUTES.toNanos(1)));
    }

    @AfterEach
    @SuppressWarnings("NullAway") // a start comes next, or nothing
    void close() {
        client.close();
        // A closed client's mappings go with it.
        client = null;
        node.close();
        ModelStoreProvider.forget("memory-" + name);
        ModelStoreProvider.forget("endless-" + name);
    }

    /** Files below folders, or folders alone. */
    @ParameterizedTest
    @CsvSource({"memory, true", "memory, false", "file, true", "file, false"})
    void shouldHoldUpNoWriterByAListingLeftHalfWay(String mount, boolean isRecursive) throws IOException {
        int folders = (mount.equals(FILE) ? FILE_ENTRIES : MEMORY_ENTRIES) / 2;
        int entries = isRecursive ? 2 * folders : folders;
        fill(mount, folders, isRecursive);
        Histogram idle = put(mount, "idle");
        Shown shown = new Shown();

        Histogram held;
        try (Listing listing = client.list(mount + "/old", isRecursive)) {
            shown.add(listing, entries / 2);
            held = put(mount, "old/held");
            shown.add(listing, Integer.MAX_VALUE);
        }

        report("half of " + entries + " entries of " + mount + " recursive=" + isRecursive, idle, held);
        shown.assertHasOnce(entries);
        try (Listing later = client.list(mount + "/old/held", false)) {
            assertThat(count(later)).as("a listing that begins after a write shows it").isEqualTo(held.getTotalCount());
        }
    }

    @Test
    void shouldHoldUpNoWriterByListingsWithoutEnd() throws IOException {
        endless.listing = WithoutEnd::new;
        Histogram idle = put("endless", "idle");
        List<Listing> listings = new ArrayList<>();
        HttpURLConnection connection = (HttpURLConnection) URI.create("http://" + node.httpEndpoint()
                + "/v1/list?prefix=endless&recursive=true").toURL().openConnection();
        try (InputStream lines = connection.getInputStream()) {
            assertThat(lines.readNBytes(10_000)).hasSize(10_000);
            for (int i = 0; i < HELD; i++) {
                Listing listing = client.list("endless/f" + i, true);
                listings.add(listing);
                for (int n = 0; n < 3 * PAGE_ENTRIES; n++) {
                    listing.next();
                }
            }

            Histogram held = put("endless", "held");

            report(HELD + " listings without end", idle, held);
            assertThat(listings).allMatch(Listing::hasNext);
        } finally {
            listings.forEach(Listing::close);
            connection.disconnect();
        }
    }

    @Test
    void shouldHoldUpNoWriterByAPageThatDoesNotCome() throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch isAsked = new CountDownLatch(1);
        endless.listing = () -> new WithoutEnd() {
            @Override
            public List<ObjectInfo> nextPage() {
                isAsked.countDown();
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    throw StorageException.of(StorageException.Kind.UNAVAILABLE).because("interrupted").build();
                }
                return super.nextPage();
            }
        };
        Histogram idle = put("endless", "idle");
        Thread reader = Thread.ofVirtual().start(() -> {
            try (Listing listing = client.list("endless", true)) {
                listing.next();
            }
        });
        isAsked.await();

        try {
            Histogram held = put("endless", "held");

            report("a page that does not come", idle, held);
        } finally {
            gate.countDown();
            reader.join();
        }
    }

    @Test
    void shouldShowWhatWasKeptToItsReaderWhateverIsWrittenMeanwhile() throws IOException {
        int folders = 10_000;
        fill(MEMORY, folders, false);
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> {
            try (Listing listing = client.list("memory/old", false)) {
                count(listing);
                return listing.served() == Served.HEAP || listing.served() == Served.MAPPED;
            }
        });
        Shown shown = new Shown();

        try (Listing listing = client.list("memory/old", false)) {
            shown.add(listing, folders / 2);
            put(MEMORY, "old");
            shown.add(listing, Integer.MAX_VALUE);
        }

        shown.assertHasOnce(folders);
        assertThat(shown.others).as("what came after it was kept").isZero();
        try (Listing later = client.list("memory/old", false)) {
            assertThat(count(later)).isEqualTo(folders + PUTS);
        }
    }

    /** What of the entries that were there all the time a listing showed, and how much else. */
    private static final class Shown {
        private static final Pattern OLD = Pattern.compile("[a-z]+/old/f([0-9]+)(/x)?");

        private final BitSet entries = new BitSet();
        private int twice;
        private int others;

        void add(Listing listing, int most) {
            for (int i = 0; i < most && listing.hasNext(); i++) {
                Matcher old = OLD.matcher(listing.next().path());
                if (!old.matches()) {
                    others++;
                    continue;
                }
                int entry = 2 * Integer.parseInt(old.group(1)) + (old.group(2) == null ? 0 : 1);
                twice += entries.get(entry) ? 1 : 0;
                entries.set(entry);
            }
        }

        void assertHasOnce(int count) {
            assertThat(entries.cardinality()).as("entries that were there all the time").isEqualTo(count);
            assertThat(twice).as("entries shown twice").isZero();
        }
    }

    /** Folders under the folder old, which have a file each if it is to be seen. */
    private void fill(String mount, int folders, boolean isRecursive) throws IOException {
        Path old = Files.createDirectory(files.resolve("old"));
        for (int i = 0; i < folders; i++) {
            if (mount.equals(MEMORY)) {
                memory.put("old/f" + i + "/x", "x");
            } else {
                Path folder = Files.createDirectory(old.resolve("f" + i));
                if (isRecursive) {
                    Files.createFile(folder.resolve("x"));
                }
            }
        }
    }

    private static int count(Listing listing) {
        int count = 0;
        for (ListEntry entry; listing.hasNext(); count++) {
            entry = listing.next();
            assertThat(entry.path()).isNotEmpty();
        }
        return count;
    }

    /** Puts through the node, half of them into a cache alone, each acknowledged before the next. */
    private Histogram put(String mount, String folder) {
        Histogram times = new Histogram(3);
        ByteBuffer bytes = ByteBuffer.allocate(100);
        for (int i = 0; i < (mount.equals(FILE) ? FILE_PUTS : PUTS); i++) {
            long beginNs = System.nanoTime();
            client.put(Key.of(mount + '/' + folder + PUT + i), bytes.clear(), PutOptions.DEFAULTS);
            client.put(Key.of("cache/" + folder + PUT + i), bytes.clear(), PutOptions.DEFAULTS);
            times.recordValue(System.nanoTime() - beginNs);
        }
        return times;
    }

    private static void report(String what, Histogram idle, Histogram held) {
        long collectionMs = ManagementFactory.getGarbageCollectorMXBeans().stream().mapToLong(
                GarbageCollectorMXBean::getCollectionTime).sum();
        LOG.info("puts beside {}: p999Us={} maxUs={} idle p999Us={} maxUs={} collections of the run so far, ms: {}",
                what,
                held.getValueAtPercentile(99.9) / 1000, held.getMaxValue() / 1000, idle.getValueAtPercentile(99.9)
                        / 1000,
                idle.getMaxValue() / 1000, collectionMs);
    }

    /** Tells of files for ever, a hundred at a time. */
    private static class WithoutEnd implements ListingCursor {
        private int next;

        @Override
        public List<ObjectInfo> nextPage() {
            List<ObjectInfo> page = new ArrayList<>();
            for (int i = 0; i < PAGE_ENTRIES; i++) {
                page.add(ObjectInfo.file(StorePath.of("e" + next++)).length(1).build());
            }
            return page;
        }

        @Override
        public void close() {}
    }
}
