package io.tiercel.storage.local;

import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a store, and the one way from a path of the store to one of the file system. Threadsafe.
 *
 * <p>Symbolic links work as long as they end inside the directory; one that leads out is an invalid path. The folder
 * {@link #HIDDEN} holds unfinished writes and is no part of the store.
 */
final class LocalRoot {
    static final String HIDDEN = ".tiercel-writing";

    private static final int MAX_NAME_LENGTH = 255;
    private static final int MAX_PATH_LENGTH = 4095;

    private final Path directory;
    private final LocalErrors errors;

    /** Takes a directory without links in its path. */
    LocalRoot(Path directory, LocalErrors errors) {
        this.directory = directory;
        this.errors = errors;
    }

    Path directory() {
        return directory;
    }

    Path hidden() {
        return directory.resolve(HIDDEN);
    }

    /** Refuses what can be refused without a look at the disk. */
    void check(StorePath path) {
        spelled(path);
    }

    /**
     * The real place of what a path leads to.
     *
     * @throws StorageException INVALID_PATH when it lies outside.
     * @throws NoSuchFileException when it leads nowhere, a path under a file among that.
     */
    Path existing(StorePath path) throws IOException {
        Path spelled = spelled(path);
        Path real;
        try {
            real = spelled.toRealPath();
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            throw explained(path, spelled, e);
        }
        requireInside(path, real);
        return real;
    }

    /** Where the entry of a path other than the root stands; its folder must be there. */
    Place entry(StorePath path) throws IOException {
        StorePath parent = path.parent();
        return new Place(existing(parent == null ? path : parent), Path.of(path.name()));
    }

    /** What a path leads to, null when to nothing. Neither file nor folder (a pipe, a device) is an invalid path. */
    @Nullable
    FileStamp find(StorePath path) throws IOException {
        try {
            FileStamp stamp = FileStamp.of(existing(path), LinkOption.NOFOLLOW_LINKS);
            requireFileOrFolder(path, stamp);
            return stamp;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    void requireFileOrFolder(StorePath path, FileStamp stamp) {
        if (!stamp.isFile() && !stamp.isFolder()) {
            throw errors.of(Kind.INVALID_PATH, path, "it is neither a file nor a folder");
        }
    }

    void requireInside(StorePath path, Path real) {
        if (!real.startsWith(directory) || real.startsWith(hidden())) {
            throw errors.of(Kind.INVALID_PATH, path, "it leads out of the store");
        }
    }

    /** Whether something above a path is there and is no folder. Each is looked at once: others may be making it. */
    boolean isUnderFile(StorePath path) throws IOException {
        for (StorePath parent = path.parent(); parent != null; parent = parent.parent()) {
            try {
                return !Files.readAttributes(spelled(parent), BasicFileAttributes.class).isDirectory();
            } catch (AccessDeniedException e) {
                return false;
            } catch (FileSystemException e) {
                // Missing, or itself under a file: what stands above tells.
            }
        }
        return false;
    }

    /**
     * Makes the folders above a path as far as they are missing; each is on disk when this returns.
     *
     * @return where the entry of the path stands or will stand.
     */
    Place makeParents(StorePath path) throws IOException {
        Path at = directory;
        Path parents = directory.relativize(spelled(path)).getParent();
        if (parents != null) {
            for (Path segment : parents) {
                at = makeFolder(path, at, segment);
            }
        }
        return new Place(at, Path.of(path.name()));
    }

    /** The system's answer to a path that it cannot follow, as far as the reason can be found without its words. */
    private IOException explained(StorePath path, Path spelled, FileSystemException e) throws IOException {
        if (isUnderFile(path)) {
            return new NoSuchFileException(spelled.toString(), null, "a parent is a file");
        }
        if (!(e instanceof AccessDeniedException) && holdsLink(path)) {
            throw errors.of(Kind.INVALID_PATH, path, "it leads through a link that leads nowhere", e);
        }
        return e;
    }

    private boolean holdsLink(StorePath path) {
        for (StorePath at = path; at != null && !at.isRoot(); at = at.parent()) {
            if (Files.isSymbolicLink(spelled(at))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTooLong(Path spelled) {
        if (lengthOf(spelled) > MAX_PATH_LENGTH) {
            return true;
        }
        for (Path segment : spelled) {
            if (lengthOf(segment) > MAX_NAME_LENGTH) {
                return true;
            }
        }
        return false;
    }

    private static int lengthOf(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    private Path makeFolder(StorePath path, Path parent, Path name) throws IOException {
        Path folder = parent.resolve(name);
        try {
            Files.createDirectory(folder);
            Durable.force(parent);
            return folder;
        } catch (FileAlreadyExistsException e) {
            Path real = folder.toRealPath();
            requireInside(path, real);
            if (!Files.isDirectory(real)) {
                throw errors.of(Kind.INVALID_PATH, path, "a parent is a file");
            }
            return real;
        }
    }

    private Path spelled(StorePath path) {
        if (path.firstSegment().equals(HIDDEN)) {
            throw errors.of(Kind.INVALID_PATH, path, HIDDEN + " is reserved");
        }
        try {
            Path spelled = directory.resolve(path.toString());
            if (isTooLong(spelled)) {
                throw errors.of(Kind.INVALID_PATH, path, "it is longer than a file system takes");
            }
            return spelled;
        } catch (InvalidPathException e) {
            throw errors.of(Kind.INVALID_PATH, path,
                    "the system's encoding cannot spell it (LC_ALL=C.UTF-8 may): " + e.getReason(), e);
        }
    }
}
