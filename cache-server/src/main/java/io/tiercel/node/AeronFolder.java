package io.tiercel.node;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.IoUtil;
import org.jspecify.annotations.Nullable;

/**
 * Where a node's media driver keeps its files: a folder of one start's own, so that what a killed node left is never
 * taken for a living driver's. Stateless.
 */
final class AeronFolder {
    /** What a node with a few clients takes: counters, and 12 MiB a log, one each way a client. */
    static final long LEAST_SPACE = 64L * 1024 * 1024;

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final String PREFIX = "tiercel-";

    private AeronFolder() {}

    /**
     * Chooses the folder for this start: under the one asked for, else under shared memory where that is large enough,
     * else beside the node's files.
     *
     * @throws TiercelException NO_SPACE with what is needed and what there is.
     */
    static Path choose(@Nullable Path asked, Path nodeDir, long incarnation) {
        String name = PREFIX + Long.toHexString(incarnation);
        if (asked != null) {
            requireSpace(asked, LEAST_SPACE);
            return asked.resolve(name);
        }
        if (Files.isWritable(SHARED_MEMORY) && spaceOf(SHARED_MEMORY) >= LEAST_SPACE) {
            return SHARED_MEMORY.resolve(name);
        }
        requireSpace(nodeDir, LEAST_SPACE);
        return nodeDir.resolve("aeron").resolve(name);
    }

    static void requireSpace(Path folder, long need) {
        long space = spaceOf(folder);
        if (space < need) {
            throw new TiercelException(ErrorCode.NO_SPACE, "too little space for the media driver: aeron.dir=" + folder
                    + " need=" + Units.size(need) + " have=" + Units.size(space)
                    + ": enlarge it, or set aeron.dir");
        }
    }

    private static long spaceOf(Path folder) {
        try {
            Files.createDirectories(folder);
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw new TiercelException(ErrorCode.BAD_CONFIGURATION, "folder cannot be used: aeron.dir=" + folder, e);
        }
    }

    /** Deletes what an earlier start left; only ever a folder of the name that a start gives. */
    static void deleteLeftOver(String earlier) {
        if (!earlier.isEmpty()) {
            Path folder = Path.of(earlier);
            Path name = folder.getFileName();
            if (name != null && name.toString().startsWith(PREFIX) && Files.isDirectory(folder)) {
                IoUtil.delete(folder.toFile(), true);
            }
        }
    }
}
