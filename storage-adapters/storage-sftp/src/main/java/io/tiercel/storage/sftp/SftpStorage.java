package io.tiercel.storage.sftp;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.Set;
import org.apache.sshd.sftp.common.SftpException;

/**
 * A directory of another host as a store, over SFTP. Threadsafe.
 *
 * <p>Other programs may change the directory at any time. The ETag is made of size and modification time, the latter in
 * seconds, which is all that the protocol tells. A write replaces a file (never its bytes in place); a link in its place is
 * replaced itself. Media types are not kept.
 */
final class SftpStorage implements StorageAdapter {
    /** No COPY: the bytes would pass through us, which a transfer does as well. */
    private static final Set<Capability> CAPABILITIES = Set.of(Capability.READ, Capability.WRITE, Capability.DELETE,
            Capability.LIST, Capability.MOVE, Capability.ATOMIC_WRITE, Capability.METADATA, Capability.GLOB,
            Capability.RANGE, Capability.CONDITIONAL, Capability.LAZY_READ, Capability.NATIVE_WRITE_RESULT);

    private final String name;
    private final SharedClients.Lease<SftpPool> lease;
    private final SftpPool pool;
    private final StorageGuard guard;
    private final SftpErrors errors;
    private final SftpRoot root;
    private final SftpWriter writer;
    private final SftpMover mover;

    private SftpStorage(SftpLocation location, SharedClients.Lease<SftpPool> lease) {
        this.name = location.name();
        this.lease = lease;
        this.pool = lease.client();
        this.guard = new StorageGuard(name, CAPABILITIES);
        this.errors = new SftpErrors(name);
        this.root = new SftpRoot(location.directory(), errors);
        this.writer = new SftpWriter(guard, errors, root, pool.locks());
        this.mover = new SftpMover(errors, root, writer, pool.locks());
    }

    /** Asks the server nothing yet. */
    static SftpStorage open(SftpLocation location, SharedClients clients) {
        return new SftpStorage(location, clients.acquire(location.configuration()));
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
        root.spelled(path);
        try {
            SftpPool.Use use = pool.use();
            boolean isOpen = false;
            try {
                SftpRead read = SftpRead.open(guard, errors, root, use, path, options);
                isOpen = true;
                return read;
            } finally {
                if (!isOpen) {
                    use.close();
                }
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
        return on(path, connection -> {
            SftpStamp stamp = root.look(connection, path).stamp();
            if (stamp == null) {
                throw errors.of(Kind.NOT_FOUND, path, "");
            }
            return stamp.info(path);
        });
    }

    @Override
    public WriteResult write(StorePath path, ReadableByteChannel source, long length, WriteOptions options) {
        guard.enterWrite(path, length, options);
        return on(path, connection -> writer.write(connection, path, source, length, options));
    }

    @Override
    public void delete(StorePath path, boolean missingIsFine) {
        guard.enterFile(path, Capability.DELETE);
        boolean isGone = on(path, connection -> {
            try (PathLocks.Held _ = pool.locks().lock(root.spelled(path))) {
                return tryDelete(connection, path);
            }
        });
        if (!isGone && !missingIsFine) {
            throw errors.of(Kind.NOT_FOUND, path, "");
        }
    }

    private boolean tryDelete(SftpConnection connection, StorePath path) throws IOException {
        Look look = root.look(connection, path);
        SftpStamp stamp = look.stamp();
        String place = look.place();
        if (stamp == null || place == null) {
            return false;
        }
        if (stamp.isFolder()) {
            throw errors.of(Kind.INVALID_PATH, path, "it is a folder");
        }
        try {
            connection.removeFile(place);
            return true;
        } catch (SftpException e) {
            if (SftpConnection.isMissing(e)) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public long deleteRecursively(StorePath path) {
        guard.enterRemoval(path);
        return on(path, connection -> removeTree(connection, path));
    }

    private long removeTree(SftpConnection connection, StorePath path) throws IOException {
        Look look = root.look(connection, path);
        SftpStamp stamp = look.stamp();
        String place = look.place();
        if (stamp == null || place == null) {
            return 0L;
        }
        if (!stamp.isFolder()) {
            throw errors.of(Kind.INVALID_PATH, path, "it is a file");
        }
        if (look.isLink()) {
            connection.removeFile(place);
            return 0L;
        }
        return new TreeRemoval(connection, errors, path).run(place);
    }

    @Override
    public WriteResult move(StorePath from, StorePath to, boolean overwrite) {
        guard.enterTransfer(from, to, Capability.MOVE);
        return on(from, connection -> mover.move(connection, from, to, overwrite));
    }

    @Override
    public ListingCursor list(StorePath folder, ListOptions options) {
        guard.enterFolder(folder, Capability.LIST);
        root.spelled(folder);
        return new SftpListing(guard, errors, root, pool, folder, options);
    }

    @Override
    public void ping() {
        guard.requireOpen(StorePath.ROOT);
        on(StorePath.ROOT, connection -> {
            try {
                byte[] handle = connection.openFolder(root.directory());
                connection.wire().forgetHandle(handle);
                return handle;
            } catch (SftpException e) {
                throw explained(connection, e);
            }
        });
    }

    private IOException explained(SftpConnection connection, SftpException e) throws IOException {
        if (SftpConnection.isDenied(e)) {
            return e;
        }
        SftpStamp stamp = root.look(connection, StorePath.ROOT).stamp();
        if (stamp == null || stamp.isFile()) {
            throw errors.of(Kind.NOT_FOUND, StorePath.ROOT,
                    stamp == null ? "the directory is missing" : "this is no directory", e);
        }
        return e;
    }

    @Override
    public void close() {
        if (guard.close()) {
            lease.close();
        }
    }

    private <T> T on(StorePath path, Work<T> work) {
        try (SftpPool.Use use = pool.use()) {
            return work.run(use.connection());
        } catch (IOException e) {
            throw errors.of(path, e);
        }
    }

    /** What is done on a connection. */
    private interface Work<T> {
        T run(SftpConnection connection) throws IOException;
    }
}
