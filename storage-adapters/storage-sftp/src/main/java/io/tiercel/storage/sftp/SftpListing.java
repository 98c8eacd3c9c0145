package io.tiercel.storage.sftp;

import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.sftp.client.SftpClient.DirEntry;
import org.apache.sshd.sftp.common.SftpException;
import org.jspecify.annotations.Nullable;

/**
 * A walk through the folders, in the order in which the server gives their entries. It holds one open folder a level with
 * the portion that the server gave last, and the page being filled. Not threadsafe.
 *
 * <p>A link is shown as what it leads to, if that is inside the store; a linked folder is not entered, or a link to a
 * folder above it would never end. Names that no path of the store spells (a backslash, bytes that are no UTF-8) and what
 * is neither file nor folder are left out.
 */
final class SftpListing implements ListingCursor {
    private final StorageGuard guard;
    private final SftpErrors errors;
    private final SftpRoot root;
    private final SftpPool pool;
    private final StorePath folder;
    private final ListOptions options;
    private @Nullable StorageException failure;
    private SftpPool.@Nullable Use use;
    private @Nullable OpenFolders open;
    private boolean closed;

    SftpListing(StorageGuard guard, SftpErrors errors, SftpRoot root, SftpPool pool, StorePath folder,
            ListOptions options) {
        this.guard = guard;
        this.errors = errors;
        this.root = root;
        this.pool = pool;
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
        boolean isFirst = open == null;
        try {
            return fillPage();
        } catch (StorageException e) {
            throw failed(e);
        } catch (SftpException e) {
            // What is missing on a later page was cut off, and is no missing folder.
            throw failed(isFirst || SftpConnection.isDenied(e)
                    ? errors.of(folder, e)
                    : errors.of(Kind.UNAVAILABLE, folder, "the server stopped in the middle of the listing", e));
        } catch (IOException e) {
            throw failed(errors.of(folder, e));
        }
    }

    @Override
    public void close() {
        closed = true;
        release();
    }

    private StorageException failed(StorageException e) {
        failure = e;
        release();
        return e;
    }

    private void release() {
        if (open != null) {
            open.close();
        }
        if (use != null) {
            use.close();
        }
    }

    private List<ObjectInfo> fillPage() throws IOException {
        OpenFolders folders = open == null ? begin() : open;
        List<ObjectInfo> page = new ArrayList<>();
        while (page.size() < options.pageSize() && !folders.isEmpty()) {
            DirEntry entry = folders.next();
            if (entry == null) {
                folders.leave();
            } else {
                ObjectInfo info = look(folders, entry);
                if (info != null) {
                    page.add(info);
                }
            }
        }
        return page;
    }

    private OpenFolders begin() throws IOException {
        SftpPool.Use begun = pool.use();
        use = begun;
        OpenFolders folders = new OpenFolders(begun.connection());
        Look look = root.look(begun.connection(), folder);
        SftpStamp stamp = look.stamp();
        if (stamp != null && !stamp.isFolder()) {
            throw errors.of(Kind.INVALID_PATH, folder, "it is a file");
        }
        if (stamp != null) {
            enter(folders, folder, look.real());
        }
        open = folders;
        return folders;
    }

    /** A folder that went since it was seen has no entries. */
    private static void enter(OpenFolders folders, StorePath path, String real) throws IOException {
        try {
            folders.enter(path, real);
        } catch (SftpException e) {
            if (!SftpConnection.isMissing(e)) {
                throw e;
            }
        }
    }

    private @Nullable ObjectInfo look(OpenFolders folders, DirEntry entry) throws IOException {
        OpenFolders.Level level = folders.deepest();
        String name = entry.getFilename();
        boolean isHidden = level.path().isRoot() && name.equals(SftpRoot.HIDDEN);
        if (isHidden || !StorePath.isSegment(name)) {
            return null;
        }
        StorePath path = level.path().child(name);
        SftpStamp stamp = SftpStamp.of(entry.getAttributes());
        if (stamp.kind() == SftpStamp.Kind.UNKNOWN || stamp.isLink()) {
            return lookBehind(folders, path, level.child(name));
        }
        if (stamp.isFolder() && folders.depth() <= options.depth()) {
            enter(folders, path, level.child(name));
        }
        return stamp.isFile() || stamp.isFolder() ? stamp.info(path) : null;
    }

    /** What a link leads to, and what an entry is of which the server did not say it; null when nothing to show. */
    private @Nullable ObjectInfo lookBehind(OpenFolders folders, StorePath path, String real) throws IOException {
        try {
            Look look = root.look(connection(), path);
            SftpStamp stamp = look.stamp();
            if (stamp != null && stamp.isFolder() && !look.isLink() && folders.depth() <= options.depth()) {
                enter(folders, path, real);
            }
            return stamp == null ? null : stamp.info(path);
        } catch (StorageException e) {
            if (e.kind() == Kind.INVALID_PATH) {
                return null;
            }
            throw e;
        }
    }

    private SftpConnection connection() throws IOException {
        if (use == null) {
            throw new IOException("the listing has not begun");
        }
        return use.connection();
    }
}
