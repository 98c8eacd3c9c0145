package io.tiercel.storage.sftp;

import io.tiercel.storage.StorePath;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.apache.sshd.sftp.client.SftpClient.DirEntry;
import org.jspecify.annotations.Nullable;

/**
 * The folders that a walk stands in, one open on the server a level, each with the portion of its entries that the server
 * gave last. Not threadsafe.
 */
final class OpenFolders implements AutoCloseable {
    private final SftpConnection connection;
    private final Deque<Level> levels = new ArrayDeque<>();

    OpenFolders(SftpConnection connection) {
        this.connection = connection;
    }

    /** @param real where the folder is on the server. */
    void enter(StorePath path, String real) throws IOException {
        levels.push(new Level(path, real, connection.openFolder(real)));
    }

    /** Closes the deepest folder. */
    Level leave() {
        Level left = levels.pop();
        connection.wire().forgetHandle(left.handle);
        return left;
    }

    boolean isEmpty() {
        return levels.isEmpty();
    }

    int depth() {
        return levels.size();
    }

    Level deepest() {
        return levels.element();
    }

    /** The next entry of the deepest folder, null behind its last. Not the folder itself nor the one above. */
    @Nullable
    DirEntry next() throws IOException {
        Level level = levels.element();
        for (;;) {
            while (level.portion.hasNext()) {
                DirEntry entry = level.portion.next();
                if (!entry.getFilename().equals(".") && !entry.getFilename().equals("..")) {
                    return entry;
                }
            }
            List<DirEntry> more = connection.readFolder(level.handle);
            if (more == null) {
                return null;
            }
            level.portion = more.iterator();
        }
    }

    @Override
    public void close() {
        while (!isEmpty()) {
            leave();
        }
    }

    /** A folder being walked through. */
    static final class Level {
        private final StorePath path;
        private final String real;
        private final byte[] handle;
        private Iterator<DirEntry> portion = Collections.emptyIterator();

        private Level(StorePath path, String real, byte[] handle) {
            this.path = path;
            this.real = real;
            this.handle = handle;
        }

        StorePath path() {
            return path;
        }

        String real() {
            return real;
        }

        /** Where an entry stands on the server. */
        String child(String name) {
            return real.equals("/") ? '/' + name : real + '/' + name;
        }
    }
}
