package io.tiercel.storage.sftp;

import io.tiercel.storage.AbstractRead;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.sshd.sftp.client.SftpClient.OpenMode;
import org.apache.sshd.sftp.common.SftpException;
import org.jspecify.annotations.Nullable;

/**
 * A file, or a range of one, being read into the caller's buffers. Before it gives the last byte it looks whether the file
 * changed meanwhile. Not threadsafe.
 */
final class SftpRead extends AbstractRead {
    private final SftpErrors errors;
    private final SftpPool.Use use;
    private final byte[] handle;
    private final SftpStamp stamp;
    private final long end;
    private final Fetch fetch;
    private int lastLook;
    private boolean looked;
    private boolean checked;

    private SftpRead(StorageGuard guard, SftpErrors errors, SftpPool.Use use, byte[] handle, SftpStamp stamp,
            StorePath path, ReadOptions options) {
        super(guard, stamp.info(path), options.beginIn(stamp.length()), options.lengthIn(stamp.length()));
        this.errors = errors;
        this.use = use;
        this.handle = handle;
        this.stamp = stamp;
        this.end = offset() + length();
        this.fetch = new Fetch(use.connection(), handle, offset(), end);
    }

    /**
     * Opens a file. The look at its name, the one at the open file, and where the first bytes are all of it the one behind
     * them must agree, since there are servers that look at the name also when asked for the open file. A file that is replaced
     * meanwhile is opened again, for as long as a request may take.
     *
     * @param use goes to the read, which ends it.
     */
    static SftpRead open(StorageGuard guard, SftpErrors errors, SftpRoot root, SftpPool.Use use, StorePath path,
            ReadOptions options) throws IOException {
        long beginNs = System.nanoTime();
        do {
            Look look = root.look(use.connection(), path);
            SftpStamp stamp = look.stamp();
            if (stamp == null) {
                throw errors.of(Kind.NOT_FOUND, path, "");
            }
            requireReadable(errors, path, stamp);
            SftpRead read = begin(guard, errors, use, path, options, look.real(), stamp);
            if (read != null) {
                return read;
            }
        } while (System.nanoTime() - beginNs < use.connection().timeout().toNanos());
        throw errors.of(Kind.UNAVAILABLE, path, "the file keeps being replaced");
    }

    private static void requireReadable(SftpErrors errors, StorePath path, SftpStamp stamp) {
        if (stamp.isFolder()) {
            throw errors.of(Kind.INVALID_PATH, path, "it is a folder");
        }
        if (stamp.length() == ObjectInfo.UNKNOWN_LENGTH) {
            throw errors.of(Kind.UNAVAILABLE, path, "the server does not tell its length");
        }
    }

    /** Null when the file was replaced between the looks. */
    private static @Nullable SftpRead begin(StorageGuard guard, SftpErrors errors,
            SftpPool.Use use, StorePath path, ReadOptions options, String real, SftpStamp stamp) throws IOException {
        byte[] handle;
        try {
            handle = use.connection().openFile(real, OpenMode.Read);
        } catch (SftpException e) {
            if (SftpConnection.isMissing(e)) {
                return null;
            }
            throw e;
        }
        SftpRead read = new SftpRead(guard, errors, use, handle, stamp, path, options);
        boolean isGood = false;
        try {
            isGood = read.isOfOneVersion();
            String ifMatch = options.ifMatch();
            if (isGood && ifMatch != null && !ifMatch.equals(read.info().etag())) {
                isGood = false;
                throw errors.of(Kind.PRECONDITION_FAILED, path, "it is not at ETag " + ifMatch);
            }
            return isGood ? read : null;
        } finally {
            if (!isGood) {
                read.letGo();
            }
        }
    }

    private boolean isOfOneVersion() throws IOException {
        SftpConnection connection = use.connection();
        int firstLook = connection.askStamp(handle);
        try {
            fetch.askAhead();
            lookBehind();
            if (!isSame(connection.stamp(firstLook))) {
                return false;
            }
        } finally {
            connection.wire().abandon(firstLook);
        }
        if (!fetch.isAskedFor()) {
            return true;
        }
        try {
            fetch.arrive();
        } catch (EOFException e) {
            return false;
        }
        checked = isSame(connection.stamp(lastLook));
        return checked;
    }

    /** Asks for the last look once nothing is left to ask for in front of it. */
    private void lookBehind() throws IOException {
        if (fetch.isAskedFor() && !looked) {
            lastLook = use.connection().askStamp(handle);
            looked = true;
        }
    }

    private boolean isSame(SftpStamp other) {
        return stamp.length() == other.length() && stamp.modifiedS() == other.modifiedS();
    }

    @Override
    protected int draw(ByteBuffer target) {
        long left = end - fetch.position();
        if (left == 0) {
            return -1;
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        try {
            // The last byte is held back until the file was looked at again.
            return fetch.take(target, beforeLast(left, target.remaining()));
        } catch (EOFException e) {
            throw errors.of(Kind.UNAVAILABLE, path(), "the file became shorter, or the connection ended", e);
        } catch (SftpException e) {
            throw errors.of(Kind.UNAVAILABLE, path(), "the server stopped in the middle of the file", e);
        } catch (IOException e) {
            throw errors.of(path(), e);
        }
    }

    private long beforeLast(long left, int room) throws IOException {
        if (checked || left > room) {
            return left;
        }
        fetch.askAhead();
        lookBehind();
        if (left > 1 && !looked) {
            return left - 1;
        }
        requireUnchanged();
        return left;
    }

    private void requireUnchanged() throws IOException {
        if (!isSame(use.connection().stamp(lastLook))) {
            throw errors.of(Kind.UNAVAILABLE, path(), "the file changed while it was read");
        }
        checked = true;
    }

    @Override
    protected void release() {
        letGo();
        use.close();
    }

    /** Ends what was asked of the server; the connection stays in use. */
    private void letGo() {
        fetch.abandon();
        if (looked && !checked) {
            use.connection().wire().abandon(lastLook);
        }
        use.connection().wire().forgetHandle(handle);
    }
}
