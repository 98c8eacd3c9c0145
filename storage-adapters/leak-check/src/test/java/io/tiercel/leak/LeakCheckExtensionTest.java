package io.tiercel.leak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

class LeakCheckExtensionTest {
    private static final long SHORT_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(30);

    @TempDir
    Path dir;

    @Test
    void shouldNameAThreadThatGoesOn() throws InterruptedException {
        Holdings before = Holdings.now();
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = startedUntil(end, "left-running");

        assertThat(LeakCheckExtension.leftBehind(before, SHORT_NS)).containsExactly("thread left-running");

        end.countDown();
        thread.join();
        assertThat(LeakCheckExtension.leftBehind(before, LONG_NS)).isEmpty();
    }

    @Test
    void shouldWaitForAThreadThatEnds() {
        Holdings before = Holdings.now();
        CountDownLatch end = new CountDownLatch(1);
        startedUntil(end, "ends-soon");
        startedAfter(end);

        assertThat(LeakCheckExtension.leftBehind(before, LONG_NS)).isEmpty();
    }

    @Test
    void shouldNameAnOpenFile() throws IOException {
        Path file = Files.createFile(dir.resolve("file")).toRealPath();
        Holdings before = Holdings.now();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertThat(channel.isOpen()).isTrue();
            assertThat(LeakCheckExtension.leftBehind(before, SHORT_NS)).singleElement().asString()
                    .startsWith("open file " + file);
        }

        assertThat(LeakCheckExtension.leftBehind(before, LONG_NS)).isEmpty();
    }

    @Test
    void shouldNameAMappingAndLetItsCleanerComeLate() throws IOException {
        Path file = Files.write(dir.resolve("0.seg"), new byte[8192]).toRealPath();
        Holdings before = Holdings.now();

        assertThat(leftWhileMapped(file, before)).startsWith("mapping " + file);

        assertThat(LeakCheckExtension.leftBehind(before, LONG_NS)).isEmpty();
    }

    @Test
    void shouldFailTheTestThatLeaks() {
        assertThat(failureOf(Leaking.class)).contains("shouldLeak()").contains("leaves behind")
                .contains("thread left-by-a-test");

        Leaking.END.countDown();
    }

    @Test
    void shouldCheckALongLivedFixtureAtItsClassesEnd() {
        assertThat(failureOf(SharedFixture.class)).isEmpty();
        assertThat(failureOf(LeakingFixture.class)).contains("LeakingFixture").contains("thread left-by-a-class");

        LeakingFixture.END.countDown();
    }

    /** The first failure of a run of a class, with the extension found as in every module; or empty. */
    private static String failureOf(Class<?> testClass) {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create().execute(LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(testClass))
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                .configurationParameter(LeakCheckExtension.PATIENCE_MS, "100").build(), summary);
        assertThat(summary.getSummary().getTestsStartedCount()).isPositive();
        return summary.getSummary().getFailures().stream().map(failure -> String.valueOf(failure.getException()))
                .findFirst().orElse("");
    }

    /** Run by hand alone: it fails. */
    static class Leaking {
        static final CountDownLatch END = new CountDownLatch(1);

        @Test
        void shouldLeak() {
            startedUntil(END, "left-by-a-test");
        }
    }

    /** A fixture of a class that ends with it. */
    static class SharedFixture {
        static final CountDownLatch END = new CountDownLatch(1);

        @BeforeAll
        static void prepare() {
            startedUntil(new CountDownLatch(0), "ends-at-once");
        }

        @AfterAll
        static void end() {
            END.countDown();
        }

        @Test
        void shouldStartWhatTheClassEnds() {
            startedUntil(END, "ends-with-the-class");
        }
    }

    /** Run by hand alone: its end fails. */
    static class LeakingFixture {
        static final CountDownLatch END = new CountDownLatch(1);

        @BeforeAll
        static void prepare() {
            startedUntil(END, "left-by-a-class");
        }

        @Test
        void shouldNotBeBlamed() {
            assertThat(END.getCount()).isEqualTo(1);
        }
    }

    private static String leftWhileMapped(Path file, Holdings before) throws IOException {
        MappedByteBuffer mapping = map(file);
        String left = String.join(",", LeakCheckExtension.leftBehind(before, SHORT_NS));
        assertThat(mapping.get(0)).isZero();
        return left;
    }

    private static MappedByteBuffer map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, 8192);
        }
    }

    private static Thread startedUntil(CountDownLatch end, String name) {
        Thread thread = new Thread(() -> await(end), name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void startedAfter(CountDownLatch end) {
        Thread thread = new Thread(end::countDown, "ends-another");
        thread.start();
    }

    private static void await(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
