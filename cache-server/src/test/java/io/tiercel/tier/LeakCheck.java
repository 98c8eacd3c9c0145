package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What this process holds of a directory, and its threads: taken before, compared after. Linux. */
final class LeakCheck {
    private final Path dir;
    private final Set<String> threads;

    LeakCheck(Path dir) {
        this.dir = dir;
        this.threads = threads();
    }

    /** Descriptors of files under the directory. */
    Set<String> descriptors() throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            for (Path link : (Iterable<Path>) links::iterator) {
                String target = targetOf(link);
                if (target.startsWith(dir.toString())) {
                    found.add(target);
                }
            }
        }
        return found;
    }

    private static String targetOf(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile: the listing's own descriptor is always one of them
        }
    }

    /** Mappings of files under the directory, deleted ones too. */
    Set<String> mappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(dir.toString())).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(thread -> thread.getName() + "#" + thread.threadId())
                .collect(Collectors.toSet());
    }

    void assertNothingIsLeft() throws IOException {
        Set<String> more = threads();
        more.removeAll(threads);
        assertThat(descriptors()).as("descriptors").isEmpty();
        assertThat(mappings()).as("mappings").isEmpty();
        assertThat(more).as("threads").isEmpty();
    }
}
