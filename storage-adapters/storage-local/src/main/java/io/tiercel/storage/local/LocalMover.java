package io.tiercel.storage.local;

import io.tiercel.storage.Capability;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * Gives files other names. Threadsafe.
 *
 * <p>A name that is taken is replaced in one step of the file system, which knows no such step for a name that must be
 * free: there the file is linked to its new name before it loses the old one. A link among the files is moved itself.
 */
final class LocalMover {
    private final LocalErrors errors;
    private final LocalRoot root;
    private final LocalWriter writer;
    private final PathLocks locks;

    LocalMover(LocalErrors errors, LocalRoot root, LocalWriter writer, PathLocks locks) {
        this.errors = errors;
        this.root = root;
        this.writer = writer;
        this.locks = locks;
    }

    /** @throws java.nio.file.NoSuchFileException when the source goes away meanwhile. */
    WriteResult move(StorePath from, StorePath to, boolean overwrite) throws IOException {
        try (PathLocks.Held _ = locks.lockBoth(from, to)) {
            FileStamp stamp = requireFile(from);
            if (from.equals(to)) {
                return WriteResult.of(stamp.info(from), false);
            }
            @Nullable FileStamp before = writer.checkTarget(to, WriteOptions.CREATE.overwrite(overwrite));
            Place source = root.entry(from);
            Place target = root.makeParents(to);
            rename(to, source.path(), target.path(), overwrite);
            Durable.force(target.folder());
            Durable.force(source.folder());
            return WriteResult.of(FileStamp.of(target.path()).info(to), before == null);
        }
    }

    private FileStamp requireFile(StorePath path) throws IOException {
        FileStamp stamp = root.find(path);
        if (stamp == null) {
            throw errors.of(Kind.NOT_FOUND, path, "");
        }
        if (!stamp.isFile()) {
            throw errors.of(Kind.INVALID_PATH, path, "it is a folder");
        }
        return stamp;
    }

    private void rename(StorePath to, Path source, Path target, boolean overwrite) throws IOException {
        try {
            if (!overwrite) {
                Files.createLink(target, source);
                Files.delete(source);
            } else if (isSameFile(source, target)) {
                // Two names of one file: the system's rename would leave both.
                Files.delete(source);
            } else {
                Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (FileAlreadyExistsException e) {
            throw errors.of(Kind.ALREADY_EXISTS, to, "", e);
        } catch (AtomicMoveNotSupportedException e) {
            throw errors.lacking(Capability.MOVE, to, "the path is on another file system than the source", e);
        }
    }

    private static boolean isSameFile(Path source, Path target) throws IOException {
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        FileStamp one = FileStamp.of(source, LinkOption.NOFOLLOW_LINKS);
        FileStamp other = FileStamp.of(target, LinkOption.NOFOLLOW_LINKS);
        return one.inode() == other.inode() && one.linkCount() > 1;
    }
}
