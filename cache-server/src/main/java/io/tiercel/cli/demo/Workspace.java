package io.tiercel.cli.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Temporary folders that are gone when the demo is, however it ends. Threadsafe. */
final class Workspace implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final long DRIVER_SPACE = 512L << 20;

    private final Path folder;
    private final Path driverFolder;

    private Workspace(Path folder, Path driverFolder) {
        this.folder = folder;
        this.driverFolder = driverFolder;
    }

    static Workspace create() throws IOException {
        Path folder = Files.createTempDirectory("tiercel-demo").toRealPath();
        boolean isShared = Files.isWritable(SHARED_MEMORY)
                && Files.getFileStore(SHARED_MEMORY).getUsableSpace() >= DRIVER_SPACE;
        return new Workspace(folder, isShared
                ? Files.createTempDirectory(SHARED_MEMORY, "tiercel-demo")
                : Files.createDirectory(folder.resolve("aeron")));
    }

    /** The folder itself. */
    Path root() {
        return folder;
    }

    /** Where media drivers make their folders, in shared memory where there is enough: what is killed leaves them. */
    Path driverFolder() {
        return driverFolder;
    }

    /** A folder in it, made when missing. */
    Path folder(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** Bytes that the disk under it has left. */
    long freeBytes() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    /** Deletes everything. A second call does nothing. */
    @Override
    public synchronized void close() throws IOException {
        for (Path root : List.of(folder, driverFolder)) {
            if (Files.exists(root)) {
                Files.walkFileTree(root, new Deletion());
            }
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException e) throws IOException {
            Files.deleteIfExists(dir);
            return FileVisitResult.CONTINUE;
        }
    }
}
