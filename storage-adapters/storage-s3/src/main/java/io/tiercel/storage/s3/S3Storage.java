package io.tiercel.storage.s3;

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
import io.tiercel.storage.s3.S3Errors.Refusal;
import java.nio.channels.ReadableByteChannel;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;

/**
 * A bucket, or a folder of one, as a store. Threadsafe.
 *
 * <p>Folders are parts of keys: one is there as long as a key lies below it, and a file and a folder may have one path. One
 * attempt a request. Nothing is asked of S3 before the first call that needs it.
 */
final class S3Storage implements StorageAdapter {
    private static final Set<Capability> CAPABILITIES = Set.of(Capability.READ, Capability.WRITE, Capability.DELETE,
            Capability.LIST, Capability.MOVE, Capability.COPY, Capability.ATOMIC_WRITE, Capability.METADATA,
            Capability.GLOB, Capability.USER_METADATA, Capability.RANGE, Capability.CONDITIONAL, Capability.LAZY_READ);

    private final String name;
    private final StorageGuard guard;
    private final S3Errors errors;
    private final S3Session session;
    private final S3Keys keys;
    private final S3Objects objects;
    private final S3Reader reader;
    private final S3Writer writer;
    private final S3Copier copier;
    private final S3Removal removal;

    private S3Storage(S3Location location, SharedClients clients, long mostCopiedAtOnce) {
        this.name = location.name();
        this.guard = new StorageGuard(name, CAPABILITIES);
        this.errors = new S3Errors(name, location.client()::regionName);
        this.session = new S3Session(guard, errors, clients, location.client());
        this.keys = new S3Keys(errors, location.bucket(), location.prefix());
        this.objects = new S3Objects(errors, keys);
        this.reader = new S3Reader(guard, errors, keys, objects);
        this.writer = new S3Writer(guard, errors, keys, objects, location.conditionalWrites());
        this.copier = new S3Copier(guard, errors, keys, objects, writer, location.conditionalWrites(),
                mostCopiedAtOnce);
        this.removal = new S3Removal(guard, errors, keys, objects);
    }

    static S3Storage open(S3Location location, SharedClients clients) {
        return open(location, clients, S3Copier.MOST_AT_ONCE);
    }

    static S3Storage open(S3Location location, SharedClients clients, long mostCopiedAtOnce) {
        return new S3Storage(location, clients, mostCopiedAtOnce);
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
        return reader.open(session.enter(path), path, options);
    }

    @Override
    public ObjectInfo info(StorePath path) {
        guard.enterFolder(path, Capability.METADATA);
        if (path.isRoot()) {
            return ObjectInfo.folder(path).build();
        }
        try (S3Session.Use use = session.enter(path)) {
            try {
                return objects.info(path, objects.head(use.client(), path, null));
            } catch (Refusal e) {
                StorageException meaning = objects.noObject(use.client(), path, e);
                if (meaning.kind() == Kind.INVALID_PATH && e.isMissingKey()) {
                    return ObjectInfo.folder(path).build();
                }
                throw meaning;
            }
        }
    }

    @Override
    public WriteResult write(StorePath path, ReadableByteChannel source, long length, WriteOptions options) {
        guard.enterWrite(path, length, options);
        try (S3Session.Use use = session.enter(path)) {
            return writer.write(use.client(), path, source, length, options);
        }
    }

    @Override
    public void delete(StorePath path, boolean missingIsFine) {
        guard.enterFile(path, Capability.DELETE);
        try (S3Session.Use use = session.enter(path)) {
            removal.remove(use.client(), path, missingIsFine);
        }
    }

    @Override
    public long deleteRecursively(StorePath path) {
        guard.enterRemoval(path);
        try (S3Session.Use use = session.enter(path)) {
            return removal.removeTree(use.client(), path);
        }
    }

    @Override
    public WriteResult copy(StorePath from, StorePath to, boolean overwrite) {
        guard.enterTransfer(from, to, Capability.COPY);
        try (S3Session.Use use = session.enter(from)) {
            return copier.copy(use.client(), from, to, overwrite);
        }
    }

    @Override
    public WriteResult move(StorePath from, StorePath to, boolean overwrite) {
        guard.enterTransfer(from, to, Capability.MOVE);
        try (S3Session.Use use = session.enter(from)) {
            WriteResult copied = copier.copy(use.client(), from, to, overwrite);
            if (!from.equals(to)) {
                removal.remove(use.client(), from, true);
            }
            return copied;
        }
    }

    @Override
    public ListingCursor list(StorePath folder, ListOptions options) {
        guard.enterFolder(folder, Capability.LIST);
        return new FlatListing(guard, folder, options, new S3Pages(session, errors, keys, objects, folder, options),
                () -> refuseFile(folder));
    }

    private void refuseFile(StorePath folder) {
        if (folder.isRoot()) {
            return;
        }
        try (S3Session.Use use = session.enter(folder)) {
            if (objects.find(use.client(), folder) != null) {
                throw errors.of(Kind.INVALID_PATH, folder, "it is a file");
            }
        }
    }

    /** One listing of one key: it takes the rights that reading folders takes, and answers in words, as a HEAD does not. */
    @Override
    public void ping() {
        guard.requireOpen(StorePath.ROOT);
        ListObjectsV2Request request = ListObjectsV2Request.builder().bucket(keys.bucket())
                .prefix(keys.prefixOf(StorePath.ROOT)).maxKeys(1).build();
        try (S3Session.Use use = session.enter(StorePath.ROOT)) {
            objects.requireListing(StorePath.ROOT,
                    errors.call(StorePath.ROOT, () -> use.client().listObjectsV2(request)));
        }
    }

    @Override
    public void close() {
        if (guard.close()) {
            session.close();
        }
    }
}
