package io.tiercel.storage.azure;

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
import io.tiercel.storage.flat.FlatListing;
import java.nio.channels.ReadableByteChannel;
import java.util.Set;

/**
 * A folder of a container of Azure Blob Storage as a store. Threadsafe.
 *
 * <p>Folders are parts of names: they come with their first blob and go with their last. The ETag is Azure's own. Each call
 * asks once; nothing is asked before the first.
 */
public final class AzureStorage implements StorageAdapter {
    private static final Set<Capability> CAPABILITIES = Set.of(Capability.READ, Capability.WRITE, Capability.DELETE,
            Capability.LIST, Capability.MOVE, Capability.COPY, Capability.ATOMIC_WRITE, Capability.METADATA,
            Capability.GLOB, Capability.USER_METADATA, Capability.RANGE, Capability.CONDITIONAL,
            Capability.LAZY_READ, Capability.NATIVE_WRITE_RESULT);

    private final String name;
    private final SharedClients.Lease<AzureClient> lease;
    private final StorageGuard guard;
    private final AzureErrors errors;
    private final BlobNames names;
    private final Container container;
    private final AzureReader reader;
    private final AzureWriter writer;
    private final AzureCopier copier;
    private final AzureRemoval removal;

    private AzureStorage(AzureLocation location, SharedClients.Lease<AzureClient> lease) {
        this.name = location.name();
        this.lease = lease;
        this.guard = new StorageGuard(name, CAPABILITIES);
        this.errors = new AzureErrors(name, lease.client().isAnonymous());
        this.names = new BlobNames(errors, location.prefix());
        this.container = new Container(lease.client(), errors, location.container());
        this.reader = new AzureReader(guard, errors, container, names);
        this.writer = new AzureWriter(guard, errors, container, names, reader);
        this.copier = new AzureCopier(errors, container, names, reader, writer, location.client().timeoutMs());
        this.removal = new AzureRemoval(errors, container, names, reader);
    }

    /** Asks nothing. */
    static AzureStorage open(AzureLocation location, SharedClients clients) {
        return new AzureStorage(location, clients.acquire(location.client()));
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
        return reader.open(path, options);
    }

    @Override
    public ObjectInfo info(StorePath path) {
        guard.enterFolder(path, Capability.METADATA);
        return path.isRoot() ? ObjectInfo.folder(path).build() : reader.info(path);
    }

    @Override
    public WriteResult write(StorePath path, ReadableByteChannel source, long length, WriteOptions options) {
        guard.enterWrite(path, length, options);
        return writer.write(path, source, length, options);
    }

    @Override
    public void delete(StorePath path, boolean missingIsFine) {
        guard.enterFile(path, Capability.DELETE);
        removal.remove(path, missingIsFine);
    }

    @Override
    public long deleteRecursively(StorePath path) {
        guard.enterRemoval(path);
        return removal.removeTree(path);
    }

    @Override
    public WriteResult move(StorePath from, StorePath to, boolean overwrite) {
        guard.enterTransfer(from, to, Capability.MOVE);
        return copier.move(from, to, overwrite);
    }

    @Override
    public WriteResult copy(StorePath from, StorePath to, boolean overwrite) {
        guard.enterTransfer(from, to, Capability.COPY);
        return copier.copy(from, to, overwrite);
    }

    @Override
    public ListingCursor list(StorePath folder, ListOptions options) {
        guard.enterFolder(folder, Capability.LIST);
        names.nameOf(folder);
        BlobPages pages = new BlobPages(container, errors, names, folder, options.depth() == 0, options.pageSize());
        return new FlatListing(guard, folder, options, pages, () -> refuseFile(folder));
    }

    private void refuseFile(StorePath folder) {
        ObjectInfo itself = folder.isRoot() ? null : reader.look(folder);
        if (itself != null && itself.isFile()) {
            throw errors.of(Kind.INVALID_PATH, folder, "it is a file");
        }
    }

    @Override
    public void ping() {
        guard.requireOpen(StorePath.ROOT);
        container.page(StorePath.ROOT, names.insideOf(StorePath.ROOT), false, 1, null);
    }

    @Override
    public void close() {
        if (guard.close()) {
            lease.close();
        }
    }
}
