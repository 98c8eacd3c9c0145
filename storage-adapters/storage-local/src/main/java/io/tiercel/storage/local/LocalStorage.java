package io.tiercel.storage.local;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadChannel;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.locks.Lock;

/**
 * A directory of the local file system as a store. Threadsafe.
 *
 * <p>Other programs may change the directory at any time. The ETag is made of size, modification time, change time and
 * inode. A write replaces a file (never its bytes in place) and is on disk when it is acknowledged; a link in its place is
 * replaced itself. Media types are not kept.
 */
public final class LocalStorage implements StorageAdapter {
    private static final Set<Capability> CAPABILITIES = Set.of(Capability.READ, Capability.WRITE, Capability.DELETE,
            Capability.LIST, Capability.MOVE, Capability.COPY, Capability.ATOMIC_WRITE, Capability.METADATA,
            Capability.GLOB, Capability.RANGE, Capability.CONDITIONAL, Capability.LAZY_READ,
            Capability.NATIVE_WRITE_RESULT);

    private final String name;
    private final boolean byDescriptor;
    private final StorageGuard guard;
    private final LocalErrors errors;
    private final LocalRoot root;
    private final WritingFolder writing;
    private final LocalWriter writer;
    private final LocalMover mover;
    private final PathLocks locks = new PathLocks();

    private LocalStorage(String name, Path directory, LocalErrors errors, boolean byDescriptor) {
        this.name = name;
        this.byDescriptor = byDescriptor;
        this.guard = new StorageGuard(name, CAPABILITIES);
        this.errors = errors;
        this.root = new LocalRoot(directory, errors);
        this.writing = new WritingFolder(root.hidden());
        this.writer = new LocalWriter(guard, errors, root, writing, locks);
        this.mover = new LocalMover(errors, root, writer, locks);
    }

    /**
     * Opens a directory, which must be there. A link to one is resolved now, once.
     *
     * @throws StorageException NOT_FOUND when there is no such directory, PERMISSION_DENIED when it is not ours to read.
     */
    public static LocalStorage open(Path directory) {
        return open(directory, true);
    }

    static LocalStorage open(Path directory, boolean byDescriptor) {
        String name = "file://" + directory.toAbsolutePath();
        LocalErrors errors = new LocalErrors(name);
        if (!directory.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            throw errors.of(Kind.UNAVAILABLE, StorePath.ROOT, "this system tells no change times and inodes of files");
        }
        try {
            Path real = directory.toRealPath();
            LocalStorage storage = new LocalStorage(name, real, errors, byDescriptor);
            storage.ping();
            return storage;
        } catch (NoSuchFileException e) {
            throw errors.of(Kind.NOT_FOUND, StorePath.ROOT, "the directory is missing", e);
        } catch (IOException e) {
            throw errors.of(StorePath.ROOT, e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<Capability> capabilities() {
        return guard.capabilities();
    }

    @Override
    public ObjectRead open(StorePath path, ReadOptions options) {
        guard.enterRead(path, options);
        return openFile(path, options);
    }

    private LocalRead openFile(StorePath path, ReadOptions options) {
        try {
            Path real = root.existing(path);
            OpenFile file = OpenFile.open(real, byDescriptor);
            if (file == null) {
                throw noFile(path);
            }
            try {
                root.requireInside(path, file.place());
                ObjectInfo info = file.stamp().info(path);
                if (options.ifMatch() != null && !options.ifMatch().equals(info.etag())) {
                    throw errors.of(Kind.PRECONDITION_FAILED, path, "it is not at ETag " + options.ifMatch());
                }
                return new LocalRead(guard, errors, file, info, options);
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
        } catch (IOException e) {
            throw errors.of(path, e);
        }
    }

    @Override
    public ObjectInfo info(StorePath path) {
        guard.enterFolder(path, Capability.METADATA);
        if (path.isRoot()) {
            return ObjectInfo.folder(path).build();
        }
        try {
            FileStamp stamp = root.find(path);
            if (stamp == null) {
                throw errors.of(Kind.NOT_FOUND, path, "");
            }
            return stamp.info(path);
        } catch (IOException e) {
            throw errors.of(path, e);
        }
    }

    @Override
    public WriteResult write(StorePath path, ReadableByteChannel source, long length, WriteOptions options) {
        guard.enterWrite(path, length, options);
        try {
            return writer.write(path, source, length, options);
        } catch (NoSuchFileException e) {
            throw errors.of(Kind.UNAVAILABLE, path, "the directory of the store, or of the path, goes missing", e);
        } catch (IOException e) {
            throw errors.of(path, e);
        }
    }

    @Override
    public void delete(StorePath path, boolean missingIsFine) {
        guard.enterFile(path, Capability.DELETE);
        Lock lock = locks.of(path);
        lock.lock();
        try {
            if (!tryDelete(path) && !missingIsFine) {
                throw errors.of(Kind.NOT_FOUND, path, "");
            }
        } catch (IOException e) {
            throw errors.of(path, e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long deleteRecursively(StorePath path) {
        guard.enterRemoval(path);
        try {
            FileStamp stamp = root.find(path);
            if (stamp == null) {
                return 0;
            }
            if (!stamp.isFolder()) {
                throw errors.of(Kind.INVALID_PATH, path, "it is a file");
            }
            return removeTree(root.entry(path));
        } catch (NoSuchFileException e) {
            return 0;
        } catch (DirectoryNotEmptyException e) {
            throw errors.of(Kind.DIRECTORY_NOT_EMPTY, path, "entries keep being added", e);
        } catch (IOException e) {
            throw errors.of(path, e);
        }
    }

    @Override
    public WriteResult move(StorePath from, StorePath to, boolean overwrite) {
        guard.enterTransfer(from, to, Capability.MOVE);
        try {
            return mover.move(from, to, overwrite);
        } catch (IOException e) {
            throw errors.of(from, e);
        }
    }

    @Override
    public WriteResult copy(StorePath from, StorePath to, boolean overwrite) {
        guard.enterTransfer(from, to, Capability.COPY);
        try (ObjectRead read = openFile(from, ReadOptions.WHOLE)) {
            if (from.equals(to)) {
                return WriteResult.of(read.info(), false);
            }
            ReadChannel bytes = new ReadChannel(read, count -> {});
            return writer.write(to, bytes, read.length(), WriteOptions.CREATE.overwrite(overwrite));
        } catch (IOException e) {
            throw errors.of(to, e);
        }
    }

    @Override
    public ListingCursor list(StorePath folder, ListOptions options) {
        guard.enterFolder(folder, Capability.LIST);
        root.check(folder);
        return new LocalListing(guard, errors, root, folder, options);
    }

    @Override
    public void ping() {
        guard.requireOpen(StorePath.ROOT);
        try (OpenFolders open = new OpenFolders()) {
            // To open it takes the right to read, to look at an entry the right to enter.
            open.enterFirst(root.directory());
            FileStamp.of(root.directory().resolve("."));
        } catch (NoSuchFileException e) {
            throw errors.of(Kind.NOT_FOUND, StorePath.ROOT, "the directory is missing", e);
        } catch (NotDirectoryException e) {
            throw errors.of(Kind.NOT_FOUND, StorePath.ROOT, "this is no directory", e);
        } catch (IOException e) {
            throw errors.of(StorePath.ROOT, e);
        }
    }

    @Override
    public void close() {
        if (guard.close()) {
            writing.removeIfEmpty();
        }
    }

    private boolean tryDelete(StorePath path) throws IOException {
        FileStamp stamp = root.find(path);
        if (stamp == null) {
            return false;
        }
        if (stamp.isFolder()) {
            throw noFile(path);
        }
        Place entry = root.entry(path);
        if (!Files.deleteIfExists(entry.path())) {
            return false;
        }
        force(entry.folder());
        return true;
    }

    private long removeTree(Place entry) throws IOException {
        if (FileStamp.of(entry.path(), LinkOption.NOFOLLOW_LINKS).isLink()) {
            Files.delete(entry.path());
            return 0;
        }
        long files = new TreeRemoval(entry).run();
        force(entry.folder());
        return files;
    }

    private static void force(Path folder) throws IOException {
        try {
            Durable.force(folder);
        } catch (NoSuchFileException e) {
            // The folder is gone as well, and the entry with it.
            return;
        }
    }

    private StorageException noFile(StorePath path) {
        return errors.of(Kind.INVALID_PATH, path, "it is a folder or a special file");
    }
}
