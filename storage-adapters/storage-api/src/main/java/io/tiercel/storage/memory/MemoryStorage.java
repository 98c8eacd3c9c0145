package io.tiercel.storage.memory;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import java.nio.channels.ReadableByteChannel;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A store on the heap, with real folders: empty ones stay, and go only when they are removed. Threadsafe.
 *
 * <p>One sorted map holds files and folders by path; the root is not in it. Invariant: every parent of a node is a folder
 * node. It holds for readers too, who take no lock: writers, one at a time, put parents first and remove them last. Bytes
 * are taken in before the lock.
 */
public final class MemoryStorage implements StorageAdapter {
    private static final Set<Capability> CAPABILITIES = Set.of(Capability.READ, Capability.WRITE, Capability.DELETE,
            Capability.LIST, Capability.MOVE, Capability.COPY, Capability.ATOMIC_WRITE, Capability.METADATA,
            Capability.GLOB, Capability.USER_METADATA, Capability.RANGE, Capability.CONDITIONAL,
            Capability.LAZY_READ, Capability.NATIVE_WRITE_RESULT);

    private final String name;
    private final StorageGuard guard;
    private final Budget budget;
    private final ConcurrentSkipListMap<String, Node> nodes = new ConcurrentSkipListMap<>(PathOrder.INSTANCE);
    private final ReentrantLock writing = new ReentrantLock();

    /** An empty store that holds at most {@code capacity} bytes of content; a write beyond is UNAVAILABLE. */
    public MemoryStorage(String name, long capacity) {
        if (capacity < 0) {
            throw new IllegalArgumentException("capacity=" + capacity + " is negative");
        }
        this.name = name;
        this.guard = new StorageGuard(name, CAPABILITIES);
        this.budget = new Budget(name, capacity);
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
        Node node = requireNode(path);
        Content content = requireContent(path, node);
        requireMatch(path, node, options.ifMatch());
        return new MemoryRead(guard, node.info(), content, options);
    }

    @Override
    public ObjectInfo info(StorePath path) {
        guard.enterFolder(path, Capability.METADATA);
        return path.isRoot() ? ObjectInfo.folder(path).build() : requireNode(path).info();
    }

    @Override
    public WriteResult write(StorePath path, ReadableByteChannel source, long length, WriteOptions options) {
        guard.enterWrite(path, length, options);
        checkTarget(path, options);
        try (Budget.Claim claim = budget.claim(path)) {
            Content content = Content.readFrom(source, length, claim);
            ObjectInfo info = ObjectInfo.file(path).length(content.length()).etag(content.etag())
                    .contentType(options.contentType()).userMetadata(options.userMetadata())
                    .lastModifiedMs(System.currentTimeMillis()).build();
            writing.lock();
            try {
                guard.requireOpen(path);
                checkTarget(path, options);
                addParents(path);
                Node before = nodes.put(path.toString(), new Node(info, content));
                claim.keep();
                budget.release(before == null ? 0 : before.length());
                return WriteResult.of(info, before == null);
            } finally {
                writing.unlock();
            }
        }
    }

    @Override
    public void delete(StorePath path, boolean missingIsFine) {
        guard.enterFile(path, Capability.DELETE);
        writing.lock();
        try {
            Node node = nodes.get(path.toString());
            if (node == null) {
                if (!missingIsFine) {
                    throw failure(Kind.NOT_FOUND, path, "");
                }
            } else if (node.isFolder()) {
                throw failure(Kind.INVALID_PATH, path, "it is a folder");
            } else {
                remove(path.toString());
            }
        } finally {
            writing.unlock();
        }
    }

    @Override
    public long deleteRecursively(StorePath path) {
        guard.enterRemoval(path);
        writing.lock();
        try {
            requireNoFile(path);
            long files = 0;
            String top = path.toString();
            ConcurrentNavigableMap<String, Node> subtree = nodes.subMap(top, true, PathOrder.behind(top), false);
            for (Map.Entry<String, Node> entry : subtree.descendingMap().entrySet()) {
                files += entry.getValue().isFolder() ? 0 : 1;
                remove(entry.getKey());
            }
            return files;
        } finally {
            writing.unlock();
        }
    }

    @Override
    public WriteResult move(StorePath from, StorePath to, boolean overwrite) {
        return transfer(from, to, overwrite, Capability.MOVE);
    }

    @Override
    public WriteResult copy(StorePath from, StorePath to, boolean overwrite) {
        return transfer(from, to, overwrite, Capability.COPY);
    }

    /** Both leave the content where it is: a version is one however many paths lead to it. */
    private WriteResult transfer(StorePath from, StorePath to, boolean overwrite, Capability capability) {
        guard.enterTransfer(from, to, capability);
        writing.lock();
        try {
            guard.requireOpen(from);
            Node source = requireNode(from);
            Content content = requireContent(from, source);
            if (from.equals(to)) {
                return WriteResult.of(source.info(), false);
            }
            checkTarget(to, WriteOptions.CREATE.overwrite(overwrite));
            try (Budget.Claim claim = budget.claim(to)) {
                claim.add(content.length());
                ObjectInfo info = source.info().at(to).lastModifiedMs(System.currentTimeMillis()).build();
                addParents(to);
                Node before = nodes.put(to.toString(), new Node(info, content));
                claim.keep();
                budget.release(before == null ? 0 : before.length());
                if (capability == Capability.MOVE) {
                    remove(from.toString());
                }
                return WriteResult.of(info, before == null);
            }
        } finally {
            writing.unlock();
        }
    }

    @Override
    public ListingCursor list(StorePath folder, ListOptions options) {
        guard.enterFolder(folder, Capability.LIST);
        return new MemoryListing(this, guard, folder, options);
    }

    @Override
    public void ping() {
        guard.requireOpen(StorePath.ROOT);
    }

    @Override
    public void close() {
        if (guard.close()) {
            writing.lock();
            try {
                nodes.clear();
            } finally {
                writing.unlock();
            }
        }
    }

    /** Bytes of content held, those of unfinished writes among them. */
    public long usedBytes() {
        return budget.used();
    }

    ConcurrentNavigableMap<String, Node> nodes() {
        return nodes;
    }

    /** Refuses a folder operation on a file. */
    void requireNoFile(StorePath path) {
        Node node = nodes.get(path.toString());
        if (node != null && !node.isFolder()) {
            throw failure(Kind.INVALID_PATH, path, "it is a file");
        }
    }

    private Node requireNode(StorePath path) {
        Node node = nodes.get(path.toString());
        if (node == null) {
            throw failure(Kind.NOT_FOUND, path, "");
        }
        return node;
    }

    private void checkTarget(StorePath path, WriteOptions options) {
        Node node = nodes.get(path.toString());
        if (node != null && node.isFolder()) {
            throw failure(Kind.INVALID_PATH, path, "it is a folder");
        }
        refuseFileAsParent(path, path.parent());
        requireMatch(path, node, options.ifMatch());
        if (node != null && !options.overwrite()) {
            throw failure(Kind.ALREADY_EXISTS, path, "");
        }
    }

    private void requireMatch(StorePath path, @Nullable Node node, @Nullable String ifMatch) {
        if (ifMatch != null && (node == null || !ifMatch.equals(node.info().etag()))) {
            throw failure(Kind.PRECONDITION_FAILED, path, "it is not at ETag " + ifMatch);
        }
    }

    private Content requireContent(StorePath path, Node node) {
        Content content = node.content();
        if (content == null) {
            throw failure(Kind.INVALID_PATH, path, "it is a folder");
        }
        return content;
    }

    private void refuseFileAsParent(StorePath path, @Nullable StorePath lowest) {
        for (StorePath parent = lowest; parent != null && !parent.isRoot(); parent = parent.parent()) {
            Node node = nodes.get(parent.toString());
            if (node != null && !node.isFolder()) {
                throw failure(Kind.INVALID_PATH, path, "its parent '" + parent + "' is a file");
            }
        }
    }

    private void addParents(StorePath path) {
        String text = path.toString();
        for (int slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', slash + 1)) {
            String folder = text.substring(0, slash);
            if (!nodes.containsKey(folder)) {
                ObjectInfo info = ObjectInfo.folder(StorePath.of(folder)).lastModifiedMs(System.currentTimeMillis())
                        .build();
                nodes.put(folder, new Node(info, null));
            }
        }
    }

    private void remove(String path) {
        Node node = nodes.remove(path);
        budget.release(node == null ? 0 : node.length());
    }

    private StorageException failure(Kind kind, StorePath path, String reason) {
        return StorageException.of(kind).store(name).path(path).because(reason).build();
    }
}
