package io.tiercel.storage.sftp;

import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.sshd.sftp.client.SftpClient.DirEntry;
import org.apache.sshd.sftp.common.SftpException;

/**
 * Removes a folder with all in it, deepest first, without following a link: links are removed, what they lead to stays.
 * Not threadsafe, used once.
 */
final class TreeRemoval {
    /** Some servers skip entries of a folder that shrinks while it is read, and others may add some. */
    private static final int PASSES = 3;
    /** Removals under way at a time. */
    private static final int WINDOW = 64;

    private final SftpConnection connection;
    private final SftpErrors errors;
    private final StorePath path;
    private final Deque<Integer> underWay = new ArrayDeque<>();
    private long files;

    TreeRemoval(SftpConnection connection, SftpErrors errors, StorePath path) {
        this.connection = connection;
        this.errors = errors;
        this.path = path;
    }

    /** Removes; how many files went, links among them. */
    long run(String real) throws IOException {
        for (int pass = 1;; pass++) {
            boolean isGone = pass(real);
            if (isGone) {
                return files;
            }
            if (pass == PASSES) {
                throw errors.of(Kind.DIRECTORY_NOT_EMPTY, path, "entries keep being added, or cannot be removed");
            }
        }
    }

    private boolean pass(String real) throws IOException {
        try (OpenFolders folders = new OpenFolders(connection)) {
            folders.enter(path, real);
            boolean isGone = true;
            while (!folders.isEmpty()) {
                DirEntry entry = folders.next();
                if (entry != null) {
                    removeOrEnter(folders, entry);
                } else {
                    settleAll();
                    isGone = tryRemoveFolder(folders.leave().real());
                }
            }
            return isGone;
        } catch (SftpException e) {
            if (SftpConnection.isMissing(e)) {
                return connection.look(real) == null;
            }
            throw e;
        } finally {
            underWay.forEach(connection.wire()::abandon);
            underWay.clear();
        }
    }

    private void removeOrEnter(OpenFolders folders, DirEntry entry) throws IOException {
        String name = entry.getFilename();
        if (name.equals(SftpWire.NO_NAME)) {
            // No request of ours can name it; the folder then stays, and says so.
            return;
        }
        OpenFolders.Level level = folders.deepest();
        String place = level.child(name);
        SftpStamp stamp = SftpStamp.of(entry.getAttributes());
        if (stamp.kind() == SftpStamp.Kind.UNKNOWN) {
            SftpStamp looked = connection.look(place);
            stamp = looked == null ? stamp : looked;
        }
        if (stamp.isFolder()) {
            try {
                folders.enter(path, place);
            } catch (SftpException e) {
                if (!SftpConnection.isMissing(e)) {
                    throw e;
                }
            }
            return;
        }
        if (underWay.size() == WINDOW) {
            settleFirst();
        }
        underWay.add(connection.askRemoveFile(place));
    }

    private void settleAll() throws IOException {
        while (!underWay.isEmpty()) {
            settleFirst();
        }
    }

    private void settleFirst() throws IOException {
        try {
            connection.expectOk(underWay.removeFirst());
            files++;
        } catch (SftpException e) {
            if (SftpConnection.isDenied(e)) {
                throw e;
            }
            // Somebody else removed it, or made a folder of it: the folder's removal tells.
        }
    }

    private boolean tryRemoveFolder(String real) throws IOException {
        try {
            connection.removeFolder(real);
            return true;
        } catch (SftpException e) {
            if (SftpConnection.isDenied(e)) {
                throw e;
            }
            return SftpConnection.isMissing(e);
        }
    }
}
