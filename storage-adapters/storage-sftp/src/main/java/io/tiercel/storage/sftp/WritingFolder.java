package io.tiercel.storage.sftp;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.sshd.sftp.client.SftpClient.DirEntry;
import org.apache.sshd.sftp.client.SftpClient.OpenMode;
import org.apache.sshd.sftp.common.SftpException;

/**
 * The hidden folder where a write lies until it is whole, on the file system of the store. Threadsafe.
 *
 * <p>The protocol has no locks that would tell a dead writer. A file that nobody wrote to for a day, by the server's own
 * clock, has none: the first write of an adapter removes such files.
 */
final class WritingFolder {
    private static final long DEAD_AFTER_S = TimeUnit.DAYS.toSeconds(1);

    private final String folder;
    private final AtomicBoolean swept = new AtomicBoolean();

    WritingFolder(String folder) {
        this.folder = folder;
    }

    /** Makes a new empty file. The store's directory must be there. */
    UnfinishedFile create(SftpConnection connection) throws IOException {
        String path = folder + '/' + UUID.randomUUID();
        UnfinishedFile file = new UnfinishedFile(connection, path, open(connection, path));
        if (swept.compareAndSet(false, true)) {
            sweepBy(connection, path);
        }
        return file;
    }

    private byte[] open(SftpConnection connection, String path) throws IOException {
        try {
            return openNew(connection, path);
        } catch (SftpException e) {
            if (!SftpConnection.isMissing(e)) {
                throw e;
            }
        }
        try {
            connection.makeFolder(folder);
        } catch (SftpException e) {
            if (SftpConnection.isMissing(e) || SftpConnection.isDenied(e)) {
                throw e;
            }
            // Another made it meanwhile; if not, the next request says why.
        }
        return openNew(connection, path);
    }

    private static byte[] openNew(SftpConnection connection, String path) throws IOException {
        return connection.openFile(path, OpenMode.Write, OpenMode.Create, OpenMode.Exclusive);
    }

    /** Tidying is no reason for a write to fail. */
    private void sweepBy(SftpConnection connection, String fresh) throws IOException {
        try {
            SftpStamp now = connection.look(fresh);
            if (now != null && now.modifiedS() != SftpStamp.NO_TIME) {
                sweep(connection, now.modifiedS() - DEAD_AFTER_S);
            }
        } catch (SftpException e) {
            swept.set(false);
        }
    }

    /** Removes what was last written before a time of the server's. */
    private void sweep(SftpConnection connection, long beforeS) throws IOException {
        byte[] handle = connection.openFolder(folder);
        try {
            for (List<DirEntry> entries = connection.readFolder(handle); entries != null; entries = connection
                    .readFolder(handle)) {
                for (DirEntry entry : entries) {
                    SftpStamp stamp = SftpStamp.of(entry.getAttributes());
                    boolean isDead = stamp.modifiedS() != SftpStamp.NO_TIME && stamp.modifiedS() < beforeS;
                    if (isDead && stamp.isFile()) {
                        connection.forgetFile(folder + '/' + entry.getFilename());
                    }
                }
            }
        } finally {
            connection.wire().forgetHandle(handle);
        }
    }
}
