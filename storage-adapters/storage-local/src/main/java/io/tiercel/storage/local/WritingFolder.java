package io.tiercel.storage.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The hidden folder where a write lies until it is whole, on the file system of the store. Threadsafe.
 *
 * <p>Every unfinished file is locked by who writes it. The system drops the lock of a process that died: the first write
 * of an adapter removes what such a process left, and nobody else's.
 */
final class WritingFolder {
    /** Begins the names of this process: to open and close one of its own files would drop the lock on it. */
    private static final String OWN = UUID.randomUUID().toString();

    private static final int ATTEMPTS = 5;

    /** Within it a file may not be locked yet. */
    private static final long GRACE_NS = TimeUnit.MINUTES.toNanos(1);

    private final Path folder;
    private final AtomicBoolean swept = new AtomicBoolean();

    WritingFolder(Path folder) {
        this.folder = folder;
    }

    /** Makes a new empty file. The store's directory must be there. */
    UnfinishedFile create() throws IOException {
        for (int attempt = 1;; attempt++) {
            makeFolder();
            try {
                sweepOnce();
                return createLocked(folder.resolve(OWN + '-' + UUID.randomUUID()));
            } catch (NoSuchFileException e) {
                // Another adapter of the directory was closed and took the empty folder with it.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static UnfinishedFile createLocked(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        UnfinishedFile file = new UnfinishedFile(path, channel);
        try {
            file.lock();
            return file;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private void sweepOnce() throws IOException {
        if (swept.compareAndSet(false, true)) {
            sweep(System.currentTimeMillis());
        }
    }

    /** Removes the files of dead writers that are older than the grace. */
    void sweep(long nowMs) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (!String.valueOf(file.getFileName()).startsWith(OWN)) {
                    removeIfDead(file, TimeUnit.MILLISECONDS.toNanos(nowMs));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** Leaves no trace in the store's directory unless somebody is still writing. */
    void removeIfEmpty() {
        try {
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // Not empty: another process writes, and the folder is hidden anyway.
            return;
        }
    }

    private void makeFolder() throws IOException {
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new NotDirectoryException(folder.toString());
            }
        }
    }

    private static void removeIfDead(Path path, long nowNs) throws IOException {
        try {
            FileStamp stamp = FileStamp.of(path, LinkOption.NOFOLLOW_LINKS);
            if (!stamp.isFile() || nowNs - stamp.changedNs() < GRACE_NS) {
                return;
            }
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
                    @Nullable FileLock lock = channel.tryLock()) {
                if (lock != null) {
                    Files.deleteIfExists(path);
                }
            }
        } catch (NoSuchFileException e) {
            // Its writer is done.
            return;
        }
    }
}
