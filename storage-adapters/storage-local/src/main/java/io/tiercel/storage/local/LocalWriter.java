package io.tiercel.storage.local;

import io.tiercel.storage.Capability;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Writes whole files or nothing: into a hidden file, onto the disk, then under its name in one step of the file system.
 * Threadsafe.
 *
 * <p>Whether a file exists is decided by that step (a link takes no name that is taken), against writers of any process.
 * An ETag to match is compared under the path's lock, against the writers of this adapter alone: file systems have no
 * such step.
 */
final class LocalWriter {
    private static final int ATTEMPTS = 5;

    private final StorageGuard guard;
    private final LocalErrors errors;
    private final LocalRoot root;
    private final WritingFolder writing;
    private final PathLocks locks;

    LocalWriter(StorageGuard guard, LocalErrors errors, LocalRoot root, WritingFolder writing, PathLocks locks) {
        this.guard = guard;
        this.errors = errors;
        this.root = root;
        this.writing = writing;
        this.locks = locks;
    }

    WriteResult write(StorePath path, ReadableByteChannel source, long length, WriteOptions options)
            throws IOException {
        checkTarget(path, options);
        try (UnfinishedFile file = writing.create()) {
            file.fill(source, length);
            Lock lock = locks.of(path);
            lock.lock();
            try {
                guard.requireOpen(path);
                return publish(path, file, options);
            } finally {
                lock.unlock();
            }
        }
    }

    private WriteResult publish(StorePath path, UnfinishedFile file, WriteOptions options) throws IOException {
        for (int attempt = 1;; attempt++) {
            FileStamp before = checkTarget(path, options);
            FileStamp written = file.stamp();
            try {
                Place target = root.makeParents(path);
                name(path, file, target, options);
                Durable.force(target.folder());
                return WriteResult.of(stampOf(target.path(), written).info(path), before == null);
            } catch (NoSuchFileException e) {
                // A parent was removed meanwhile: it is made again, as if this write had come later.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void name(StorePath path, UnfinishedFile file, Place target, WriteOptions options) throws IOException {
        try {
            if (options.overwrite()) {
                file.replace(target.path());
            } else {
                file.appear(target);
            }
        } catch (FileAlreadyExistsException e) {
            throw errors.of(Kind.ALREADY_EXISTS, path, "", e);
        } catch (AtomicMoveNotSupportedException | UnsupportedOperationException e) {
            throw errors.lacking(Capability.ATOMIC_WRITE, path, "the path is on another file system than the store", e);
        }
    }

    /** What is there now, null if nothing; refuses what must not be written to. */
    @Nullable
    FileStamp checkTarget(StorePath path, WriteOptions options) throws IOException {
        FileStamp stamp = root.find(path);
        if (stamp != null && stamp.isFolder()) {
            throw errors.of(Kind.INVALID_PATH, path, "it is a folder");
        }
        if (stamp == null && root.isUnderFile(path)) {
            throw errors.of(Kind.INVALID_PATH, path, "a parent is a file");
        }
        String ifMatch = options.ifMatch();
        if (ifMatch != null && (stamp == null || !ifMatch.equals(stamp.etag()))) {
            throw errors.of(Kind.PRECONDITION_FAILED, path, "it is not at ETag " + ifMatch);
        }
        if (stamp != null && !options.overwrite()) {
            throw errors.of(Kind.ALREADY_EXISTS, path, "");
        }
        return stamp;
    }

    /** The written file under its name; where another took it already, as it was before it had one. */
    private static FileStamp stampOf(Path target, FileStamp written) throws IOException {
        try {
            FileStamp now = FileStamp.of(target, LinkOption.NOFOLLOW_LINKS);
            return now.inode() == written.inode() ? now : written;
        } catch (NoSuchFileException e) {
            return written;
        }
    }
}
