package io.tiercel.storage.local;

import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A walk through the directories, in the order in which the file system gives their entries. It holds one open directory
 * a level, and no entry but those of the page being filled. Not threadsafe.
 *
 * <p>A link is shown as what it leads to, if that is inside the store; a linked folder is not entered, or a link to a
 * folder above it would never end. Names that no path of the store spells (a backslash, bytes that are no text) and what
 * is neither file nor folder are left out.
 */
final class LocalListing implements ListingCursor {
    private final StorageGuard guard;
    private final LocalErrors errors;
    private final LocalRoot root;
    private final StorePath folder;
    private final ListOptions options;
    private final OpenFolders open = new OpenFolders();
    private final Deque<StorePath> paths = new ArrayDeque<>();
    private @Nullable StorageException failure;
    private boolean begun;
    private boolean closed;

    LocalListing(StorageGuard guard, LocalErrors errors, LocalRoot root, StorePath folder, ListOptions options) {
        this.guard = guard;
        this.errors = errors;
        this.root = root;
        this.folder = folder;
        this.options = options;
    }

    @Override
    public List<ObjectInfo> nextPage() {
        if (closed) {
            throw new IllegalStateException("listing of '" + folder + "' was closed");
        }
        guard.requireOpen(folder);
        if (failure != null) {
            throw errors.of(failure.kind(), folder, "the listing failed before", failure);
        }
        try {
            return fillPage();
        } catch (StorageException e) {
            throw failed(e);
        } catch (IOException e) {
            throw failed(errors.of(folder, e));
        }
    }

    @Override
    public void close() {
        closed = true;
        open.close();
    }

    private StorageException failed(StorageException e) {
        open.close();
        failure = e;
        return e;
    }

    private List<ObjectInfo> fillPage() throws IOException {
        if (!begun) {
            begin();
            begun = true;
        }
        List<ObjectInfo> page = new ArrayList<>();
        while (page.size() < options.pageSize() && !open.isEmpty()) {
            Path entry = open.next();
            if (entry == null) {
                open.leave();
                paths.pop();
            } else {
                ObjectInfo info = look(entry);
                if (info != null) {
                    page.add(info);
                }
            }
        }
        return page;
    }

    private void begin() throws IOException {
        try {
            Path real = root.existing(folder);
            FileStamp stamp = FileStamp.of(real, LinkOption.NOFOLLOW_LINKS);
            root.requireFileOrFolder(folder, stamp);
            if (!stamp.isFolder()) {
                throw errors.of(Kind.INVALID_PATH, folder, "it is a file");
            }
            open.enterFirst(real);
            paths.push(folder);
        } catch (NoSuchFileException e) {
            // A missing folder lists as empty.
            return;
        }
    }

    private @Nullable ObjectInfo look(Path entry) throws IOException {
        StorePath path = pathOf(entry);
        if (path == null) {
            return null;
        }
        try {
            FileStamp stamp = FileStamp.of(entry, LinkOption.NOFOLLOW_LINKS);
            if (stamp.isLink()) {
                return lookBehind(path);
            }
            if (stamp.isFolder() && open.depth() <= options.depth()) {
                open.enter(OpenFolders.nameOf(entry));
                paths.push(path);
            }
            return stamp.isFile() || stamp.isFolder() ? stamp.info(path) : null;
        } catch (NoSuchFileException | NotDirectoryException e) {
            // It went, or another took its place, since the directory named it.
            return null;
        }
    }

    private @Nullable StorePath pathOf(Path entry) {
        Path fileName = OpenFolders.nameOf(entry);
        String name = fileName.toString();
        StorePath in = paths.element();
        boolean isHidden = in.isRoot() && name.equals(LocalRoot.HIDDEN);
        boolean isSpelled = StorePath.isSegment(name)
                && (name.indexOf('\uFFFD') < 0 || Path.of(name).equals(fileName));
        return isHidden || !isSpelled ? null : in.child(name);
    }

    /** What a link leads to; null when to nothing that the store shows. */
    private @Nullable ObjectInfo lookBehind(StorePath link) throws IOException {
        try {
            FileStamp stamp = root.find(link);
            return stamp == null ? null : stamp.info(link);
        } catch (StorageException e) {
            if (e.kind() == Kind.INVALID_PATH) {
                return null;
            }
            throw e;
        }
    }
}
