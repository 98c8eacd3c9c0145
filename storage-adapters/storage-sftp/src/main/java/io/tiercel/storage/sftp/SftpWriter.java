package io.tiercel.storage.sftp;

import io.tiercel.storage.Capability;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import org.apache.sshd.sftp.common.SftpException;
import org.jspecify.annotations.Nullable;

/**
 * Writes whole files or nothing: into a hidden file, onto the server's disk, then under its name in one step. Threadsafe.
 *
 * <p>Whether a file exists is decided by that step, against writers of any process. An ETag to match is compared under the
 * path's lock, against the writers of this process alone: the protocol has no such step. Since an ETag is made of whole
 * seconds, a file that replaces one of the same second gets a later time, so that two versions never share an ETag.
 */
final class SftpWriter {
    private static final int ATTEMPTS = 5;
    /** A time further ahead than that was set by somebody, and is not one that we counted up. */
    private static final long COUNTED_UP_S = 3600;

    private final StorageGuard guard;
    private final SftpErrors errors;
    private final SftpRoot root;
    private final WritingFolder writing;
    private final PathLocks locks;

    SftpWriter(StorageGuard guard, SftpErrors errors, SftpRoot root, PathLocks locks) {
        this.guard = guard;
        this.errors = errors;
        this.root = root;
        this.writing = new WritingFolder(root.hidden());
        this.locks = locks;
    }

    WriteResult write(SftpConnection connection, StorePath path, ReadableByteChannel source, long length,
            WriteOptions options) throws IOException {
        checkTarget(connection, path, options);
        try (UnfinishedFile file = create(connection, path)) {
            SftpStamp written = file.fill(source, length);
            try (PathLocks.Held _ = locks.lock(root.spelled(path))) {
                guard.requireOpen(path);
                return publish(connection, path, file, written, options);
            }
        }
    }

    private UnfinishedFile create(SftpConnection connection, StorePath path) throws IOException {
        try {
            return writing.create(connection);
        } catch (SftpException e) {
            if (SftpConnection.isMissing(e)) {
                throw errors.of(Kind.UNAVAILABLE, path, "the directory of the store is missing", e);
            }
            throw e;
        }
    }

    private WriteResult publish(SftpConnection connection, StorePath path, UnfinishedFile file, SftpStamp written,
            WriteOptions options) throws IOException {
        SftpStamp stamp = written;
        for (int attempt = 1;; attempt++) {
            Look look = checkTarget(connection, path, options);
            SftpStamp before = look.stamp();
            if (before != null && before.modifiedS() >= stamp.modifiedS()
                    && before.modifiedS() - stamp.modifiedS() < COUNTED_UP_S) {
                stamp = new SftpStamp(stamp.kind(), stamp.length(), before.modifiedS() + 1);
                file.modified(stamp.modifiedS());
            }
            try {
                String place = look.place();
                name(connection, path, file, place != null ? place : root.makeParents(connection, path), look, options);
                return WriteResult.of(stamp.info(path), before == null);
            } catch (SftpException e) {
                // A parent was removed meanwhile: it is made again, as if this write had come later.
                if (attempt == ATTEMPTS || !SftpConnection.isMissing(e)) {
                    throw explained(connection, path, options, e);
                }
            }
        }
    }

    private void name(SftpConnection connection, StorePath path, UnfinishedFile file, String place, Look look,
            WriteOptions options) throws IOException {
        if (!options.overwrite()) {
            file.appear(place);
        } else if (connection.canReplace()) {
            file.replace(place);
        } else if (look.stamp() == null && !look.isLink()) {
            file.appear(place);
        } else {
            throw errors.lacking(Capability.ATOMIC_WRITE, path, "the server cannot replace a file in one step");
        }
    }

    /** Why a name could not be given, as far as a look at it tells: servers answer many things with the same word. */
    IOException explained(SftpConnection connection, StorePath path, WriteOptions options, SftpException e)
            throws IOException {
        if (SftpConnection.isMissing(e)) {
            throw errors.of(Kind.UNAVAILABLE, path, "the directory of the store, or of the path, goes missing", e);
        }
        if (!SftpConnection.isDenied(e)) {
            checkTarget(connection, path, options);
        }
        return e;
    }

    /** What is there now; refuses what must not be written to. */
    Look checkTarget(SftpConnection connection, StorePath path, WriteOptions options) throws IOException {
        Look look = root.look(connection, path);
        SftpStamp stamp = look.stamp();
        if (stamp != null && stamp.isFolder()) {
            throw errors.of(Kind.INVALID_PATH, path, "it is a folder");
        }
        if (look.isUnderFile()) {
            throw errors.of(Kind.INVALID_PATH, path, "a parent is a file");
        }
        requireMatch(path, stamp, options.ifMatch());
        if (stamp != null && !options.overwrite()) {
            throw errors.of(Kind.ALREADY_EXISTS, path, "");
        }
        return look;
    }

    private void requireMatch(StorePath path, @Nullable SftpStamp stamp, @Nullable String ifMatch) {
        if (ifMatch != null && (stamp == null || !ifMatch.equals(stamp.etag()))) {
            throw errors.of(Kind.PRECONDITION_FAILED, path, "it is not at ETag " + ifMatch);
        }
    }
}
