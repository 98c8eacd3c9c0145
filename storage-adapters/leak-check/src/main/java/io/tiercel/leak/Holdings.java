package io.tiercel.leak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the process holds at one moment: its threads, and its open and mapped files below the folders where tests keep
 * theirs. Immutable. Where there is no {@code /proc} only threads are seen.
 */
final class Holdings {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path MAPPINGS = Path.of("/proc/self/maps");

    /**
     * Threads of the JVM, of libraries that share them over a whole process, and of the test run itself. An
     * InnocuousThread is one of the JDK's own pool for asynchronous channels, which ends after a minute without work: the
     * embedded PostgreSQL is unpacked by such the first time that a machine starts it.
     */
    private static final List<String> SHARED_THREADS = List.of("ForkJoinPool", "Common-Cleaner", "Cleaner-",
            "Reference Handler", "Finalizer", "Signal Dispatcher", "Attach Listener", "Notification Thread",
            "process reaper", "HttpClient-", "VirtualThread-", "Read-Poller", "Write-Poller", "Master-Poller",
            "MasterPoller", "InnocuousThread-", "surefire", "junit", "ping-", "DestroyJavaVM", "JNA Cleaner",
            "background~resource~releaser",
            "prometheus-metrics-scheduler", "PostgreSQL-JDBC-", "response-input-stream-timeout-scheduler");

    private final Set<Thread> threads;
    private final Set<String> files;

    private Holdings(Set<Thread> threads, Set<String> files) {
        this.threads = threads;
        this.files = files;
    }

    static Holdings now() {
        Set<String> files = new TreeSet<>();
        addDescriptors(files);
        addMappings(files);
        return new Holdings(liveThreads(), files);
    }

    /** What is held here and was not held before, in words; empty when nothing. */
    Set<String> beyond(Holdings before) {
        Set<String> more = new TreeSet<>(files);
        more.removeAll(before.files);
        for (Thread thread : threads) {
            if (!before.threads.contains(thread) && thread.isAlive()) {
                more.add("thread " + thread.getName());
            }
        }
        return more;
    }

    private static Set<Thread> liveThreads() {
        ThreadGroup top = Thread.currentThread().getThreadGroup();
        while (top.getParent() != null) {
            top = top.getParent();
        }
        Thread[] found = new Thread[Math.max(64, 2 * top.activeCount())];
        int count = top.enumerate(found, true);
        while (count == found.length) {
            found = new Thread[2 * found.length];
            count = top.enumerate(found, true);
        }
        Set<Thread> live = new HashSet<>();
        for (int i = 0; i < count; i++) {
            String name = found[i].getName();
            if (SHARED_THREADS.stream().noneMatch(name::startsWith)) {
                live.add(found[i]);
            }
        }
        return live;
    }

    private static void addDescriptors(Set<String> files) {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return;
        }
        try (Stream<Path> links = Files.list(DESCRIPTORS)) {
            for (Path link : (Iterable<Path>) links::iterator) {
                String target = targetOf(link);
                if (isOfATest(target)) {
                    files.add("open file " + target + " as " + link.getFileName());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String targetOf(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile, as the listing's own always is
        }
    }

    private static void addMappings(Set<String> files) {
        if (!Files.isReadable(MAPPINGS)) {
            return;
        }
        try (Stream<String> lines = Files.lines(MAPPINGS)) {
            lines.filter(line -> line.indexOf('/') >= 0).forEach(line -> {
                String path = line.substring(line.indexOf('/'));
                if (isOfATest(path)) {
                    files.add("mapping " + path + " at " + line.substring(0, line.indexOf(' ')));
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOfATest(String path) {
        return (path.startsWith(Folders.TEMPORARY) || path.startsWith("/dev/shm/")) && !path.endsWith(".jar")
                && !path.contains(".so") && !path.contains("hsperfdata");
    }

    /** Where tests keep their files, as the kernel spells it. */
    private static final class Folders {
        private static final String TEMPORARY = temporary();

        private static String temporary() {
            Path folder = Path.of(System.getProperty("java.io.tmpdir"));
            try {
                return folder.toRealPath() + "/";
            } catch (IOException e) {
                return folder + "/";
            }
        }
    }
}
