package io.tiercel.storage.jdbc;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import io.tiercel.storage.flat.FlatListing;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A table of blobs. Threadsafe.
 *
 * <p>Folders are parts of names. A read fetches its version chunk by chunk and holds no connection in between; a version
 * that was replaced stays for a while, so that reads of it can end. No table, or no database, is an empty store: the first
 * write makes the tables.
 */
final class JdbcStorage implements StorageAdapter {
    private static final Set<Capability> CAPABILITIES = Set.of(Capability.READ, Capability.WRITE, Capability.DELETE,
            Capability.LIST, Capability.MOVE, Capability.COPY, Capability.ATOMIC_WRITE, Capability.METADATA,
            Capability.GLOB, Capability.USER_METADATA, Capability.RANGE, Capability.CONDITIONAL, Capability.ATOMIC_MOVE,
            Capability.LAZY_READ, Capability.NATIVE_WRITE_RESULT);
    private static final int ROWS_REMOVED_AT_A_TIME = 500;

    private final String name;
    private final SharedClients.Lease<ConnectionPool> lease;
    private final StorageGuard guard;
    private final SqlErrors errors;
    private final BlobTable table;
    private final DatabaseCalls calls;
    private final Sweeper sweeper;
    private final BlobWriter writer;
    private final Keeping keeping;

    /** @param lease given back at close. */
    JdbcStorage(String name, String tableName, SharedClients.Lease<ConnectionPool> lease, Keeping keeping) {
        this.name = name;
        this.lease = lease;
        this.keeping = keeping;
        this.guard = new StorageGuard(name, CAPABILITIES);
        this.errors = new SqlErrors(name);
        this.table = new BlobTable(lease.client().engine(), tableName);
        this.calls = new DatabaseCalls(lease.client(), guard, errors, table::create);
        this.sweeper = new Sweeper(table, calls, keeping.sweepIntervalMs());
        this.writer = new BlobWriter(table, calls, errors, sweeper, keeping);
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
        String key = keyOf(path);
        Optional<BlobTable.Opened> found = calls.read(path,
                connection -> table.open(connection, key, options.offset()), Optional::empty);
        BlobTable.Opened opened = found.orElseThrow(() -> missing(path));
        String ifMatch = options.ifMatch();
        if (ifMatch != null && !ifMatch.equals(opened.row().etag())) {
            throw errors.of(Kind.PRECONDITION_FAILED, path, "the object is of another version");
        }
        return new JdbcRead(table, calls, guard, errors, path, opened, options);
    }

    @Override
    public ObjectInfo info(StorePath path) {
        guard.enterFolder(path, Capability.METADATA);
        if (path.isRoot()) {
            return ObjectInfo.folder(path).build();
        }
        Optional<Row> row = find(path);
        if (row.isPresent()) {
            return row.get().info(path);
        }
        if (isFolder(path)) {
            return ObjectInfo.folder(path).build();
        }
        throw errors.of(Kind.NOT_FOUND, path, "");
    }

    @Override
    public WriteResult write(StorePath path, ReadableByteChannel source, long length, WriteOptions options) {
        guard.enterWrite(path, length, options);
        return writer.write(path, keyToWrite(path), source, length, options);
    }

    @Override
    public void delete(StorePath path, boolean missingIsFine) {
        guard.enterFile(path, Capability.DELETE);
        String key = keyOf(path);
        boolean removed = calls.change(path, connection -> {
            Optional<Row> row = table.lock(connection, key);
            if (row.isPresent()) {
                table.remove(connection, List.of(row.get()), keeping.replacedMs());
            }
            return row.isPresent();
        }, () -> false);
        if (removed) {
            sweeper.mayRun();
        } else if (!missingIsFine) {
            throw missing(path);
        }
    }

    @Override
    public long deleteRecursively(StorePath path) {
        guard.enterRemoval(path);
        keyOf(path);
        long count = 0;
        PathRange range = PathRange.below(path);
        List<Row> gone = removeSome(path, range);
        if (gone.isEmpty()) {
            refuseFile(path);
        }
        while (!gone.isEmpty()) {
            count += gone.size();
            gone = removeSome(path, range.after(gone.getLast().path()));
        }
        sweeper.mayRun();
        return count;
    }

    private List<Row> removeSome(StorePath path, PathRange range) {
        return calls.change(path, connection -> {
            List<Row> rows = table.lockPage(connection, range, ROWS_REMOVED_AT_A_TIME);
            table.remove(connection, rows, keeping.replacedMs());
            return rows;
        }, List::of);
    }

    @Override
    public WriteResult move(StorePath from, StorePath to, boolean overwrite) {
        guard.enterTransfer(from, to, Capability.MOVE);
        String fromKey = keyOf(from);
        String toKey = keyToWrite(to);
        if (from.equals(to)) {
            return WriteResult.of(requireRow(from).info(from), false);
        }
        WriteOptions options = WriteOptions.CREATE.overwrite(overwrite);
        Optional<WriteResult> result = calls.change(from, connection -> {
            boolean fromFirst = fromKey.compareTo(toKey) < 0;
            // In one order always, so that two moves never wait for each other.
            Optional<Row> first = table.lock(connection, fromFirst ? fromKey : toKey);
            Optional<Row> second = table.lock(connection, fromFirst ? toKey : fromKey);
            Optional<Row> source = fromFirst ? first : second;
            Optional<Row> before = fromFirst ? second : first;
            if (source.isEmpty()) {
                return Optional.empty();
            }
            writer.requireWritable(to, before, options);
            if (before.isPresent()) {
                table.remove(connection, List.of(before.get()), keeping.replacedMs());
            }
            table.rename(connection, fromKey, toKey);
            return Optional.of(WriteResult.of(source.get().info(to), before.isEmpty()));
        }, Optional::empty);
        return result.orElseThrow(() -> missing(from));
    }

    @Override
    public WriteResult copy(StorePath from, StorePath to, boolean overwrite) {
        guard.enterTransfer(from, to, Capability.COPY);
        keyOf(from);
        String toKey = keyToWrite(to);
        Row source = requireRow(from);
        if (from.equals(to)) {
            return WriteResult.of(source.info(from), false);
        }
        return writer.copy(source, to, toKey, WriteOptions.CREATE.overwrite(overwrite));
    }

    @Override
    public ListingCursor list(StorePath folder, ListOptions options) {
        guard.enterFolder(folder, Capability.LIST);
        RowPages pages = new RowPages(table, calls, errors, folder, options);
        return new FlatListing(guard, folder, options, pages, () -> refuseFile(folder));
    }

    @Override
    public void ping() {
        guard.requireOpen(StorePath.ROOT);
        calls.ping(table::look);
    }

    @Override
    public void close() {
        if (guard.close()) {
            lease.close();
        }
    }

    /** Removes now what may go; tells how many versions went. */
    int sweep() {
        return sweeper.sweep();
    }

    private Optional<Row> find(StorePath path) {
        String key = keyOf(path);
        return calls.read(path, connection -> table.find(connection, key), Optional::empty);
    }

    private Row requireRow(StorePath path) {
        return find(path).orElseThrow(() -> missing(path));
    }

    private boolean isFolder(StorePath path) {
        PathRange below = PathRange.below(path);
        return calls.read(path, connection -> !table.page(connection, below, 1).isEmpty(), () -> false);
    }

    /** Why no object is at a path. */
    private StorageException missing(StorePath path) {
        boolean folder;
        try {
            folder = isFolder(path);
        } catch (StorageException e) {
            // That there is none is known already.
            folder = false;
        }
        return folder
                ? errors.of(Kind.INVALID_PATH, path, "it is a folder")
                : errors.of(Kind.NOT_FOUND, path, "");
    }

    private void refuseFile(StorePath folder) {
        if (!folder.isRoot() && find(folder).isPresent()) {
            throw errors.of(Kind.INVALID_PATH, folder, "it is a file");
        }
    }

    private String keyOf(StorePath path) {
        return PathKeys.of(path, errors);
    }

    private String keyToWrite(StorePath path) {
        return PathKeys.toWrite(path, errors);
    }
}
