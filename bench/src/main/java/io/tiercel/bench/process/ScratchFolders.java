package io.tiercel.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.IoUtil;

/**
 * The folders of one child: what it keeps, and what both sides share in memory. Immutable.
 *
 * @param disk under {@code java.io.tmpdir}.
 * @param memory under {@code /dev/shm} where there is one, else under {@code java.io.tmpdir} as well.
 */
public record ScratchFolders(Path disk, Path memory) {
    /** Every folder of a benchmark bears it, and nothing else is ever deleted. */
    static final String PREFIX = "tiercel-bench-";

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    /** Makes two empty folders. */
    public static ScratchFolders create() {
        try {
            return made();
        } catch (IOException e) {
            throw new UncheckedIOException("no folder can be made for files", e);
        }
    }

    private static ScratchFolders made() throws IOException {
        Path disk = Files.createTempDirectory(PREFIX);
        boolean isMade = false;
        try {
            Path memory = Files.isWritable(SHARED_MEMORY)
                    ? Files.createTempDirectory(SHARED_MEMORY, PREFIX)
                    : Files.createTempDirectory(PREFIX);
            isMade = true;
            return new ScratchFolders(disk, memory);
        } finally {
            if (!isMade) {
                delete(disk);
            }
        }
    }

    /** The folders as {@link ChildJvm} passes them, first among a child's arguments. */
    public static ScratchFolders ofArguments(String... arguments) {
        return new ScratchFolders(Path.of(arguments[0]), Path.of(arguments[1]));
    }

    /** Deletes both with what is in them; what is gone already is fine. */
    public void delete() {
        delete(disk);
        delete(memory);
    }

    private static void delete(Path folder) {
        if (!String.valueOf(folder.getFileName()).startsWith(PREFIX)) {
            throw new IllegalArgumentException("folder=" + folder + " expected a name that begins with " + PREFIX);
        }
        IoUtil.delete(folder.toFile(), true);
    }
}
