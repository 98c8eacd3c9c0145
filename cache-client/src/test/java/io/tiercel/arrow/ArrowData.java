package io.tiercel.arrow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Files of the shared data directory, named by system property {@code tiercel.data}; what needs them skips without. */
final class ArrowData {
    private static final Path ROOT = Path.of(System.getProperty("tiercel.data", "../../shared/data"), "arrow");

    private ArrowData() {}

    static Path require(String name) {
        Path path = ROOT.resolve(name);
        Assumptions.assumeTrue(Files.exists(path), () -> "skipped: no " + path);
        return path;
    }

    static List<Path> filesUnder(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
