package io.tiercel.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Compares what a node may reserve with what the disk under its directory has left. Segments are reserved as they are
 * needed, so this is the only time when a capacity that cannot be had is told before it hurts. Stateless.
 */
final class DiskCapacity {
    private DiskCapacity() {}

    /** Why a capacity is too large, with both figures; empty when it fits or nobody can tell. */
    static String defectOf(Path dir, long capacity) {
        try {
            long available = Files.getFileStore(existing(dir)).getUsableSpace();
            long own = ownBytes(dir.resolve("segments"));
            if (capacity <= available + own) {
                return "";
            }
            return "is more than the disk under " + dir + " can hold, " + (available + own) / Units.MIB
                    + "MiB: lower it, or choose another node.dir";
        } catch (IOException | UncheckedIOException e) {
            return ""; // A folder that cannot be looked at is told when it is opened, with the reason.
        }
    }

    private static Path existing(Path dir) throws IOException {
        Path folder = dir.toAbsolutePath();
        while (!Files.isDirectory(folder)) {
            Path parent = folder.getParent();
            if (parent == null) {
                throw new IOException("no folder above " + dir);
            }
            folder = parent;
        }
        return folder;
    }

    /** Bytes that the node has reserved already. */
    private static long ownBytes(Path segments) throws IOException {
        if (!Files.isDirectory(segments)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(segments)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
