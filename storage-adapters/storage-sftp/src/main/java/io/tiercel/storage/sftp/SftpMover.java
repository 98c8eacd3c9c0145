package io.tiercel.storage.sftp;

import io.tiercel.storage.Capability;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import java.io.IOException;
import java.util.Objects;
import org.apache.sshd.sftp.common.SftpException;
import org.jspecify.annotations.Nullable;

/**
 * Gives files other names. Threadsafe.
 *
 * <p>A name that is taken is replaced in one step. Where it must be free the file gets it as a second one before it loses the
 * first, or by a plain rename on servers without links. A link among the files is moved itself.
 */
final class SftpMover {
    private static final int ATTEMPTS = 5;

    private final SftpErrors errors;
    private final SftpRoot root;
    private final SftpWriter writer;
    private final PathLocks locks;

    SftpMover(SftpErrors errors, SftpRoot root, SftpWriter writer, PathLocks locks) {
        this.errors = errors;
        this.root = root;
        this.writer = writer;
        this.locks = locks;
    }

    WriteResult move(SftpConnection connection, StorePath from, StorePath to, boolean overwrite) throws IOException {
        try (PathLocks.Held _ = locks.lock(root.spelled(from), root.spelled(to))) {
            for (int attempt = 1;; attempt++) {
                Look source = root.look(connection, from);
                SftpStamp stamp = requireFile(from, source);
                if (from.equals(to)) {
                    return WriteResult.of(stamp.info(from), false);
                }
                WriteOptions options = WriteOptions.CREATE.overwrite(overwrite);
                Look target = writer.checkTarget(connection, to, options);
                try {
                    SftpStamp moved = distinct(connection, source, stamp, target.stamp());
                    rename(connection, source, to, target, overwrite);
                    return WriteResult.of(moved.info(to), target.stamp() == null);
                } catch (SftpException e) {
                    // The source or a folder went meanwhile: the next look tells which.
                    if (attempt == ATTEMPTS || !SftpConnection.isMissing(e)) {
                        throw writer.explained(connection, to, options, e);
                    }
                }
            }
        }
    }

    private SftpStamp requireFile(StorePath path, Look look) {
        SftpStamp stamp = look.stamp();
        if (stamp == null) {
            throw errors.of(Kind.NOT_FOUND, path, "");
        }
        if (!stamp.isFile()) {
            throw errors.of(Kind.INVALID_PATH, path, "it is a folder");
        }
        return stamp;
    }

    /** Other bytes must not come under an ETag that the target had. */
    private static SftpStamp distinct(SftpConnection connection, Look source, SftpStamp stamp,
            @Nullable SftpStamp target) throws IOException {
        if (target == null || !Objects.equals(target.etag(), stamp.etag()) || stamp.etag() == null) {
            return stamp;
        }
        SftpStamp later = new SftpStamp(stamp.kind(), stamp.length(), stamp.modifiedS() + 1);
        connection.modified(source.real(), later.modifiedS());
        return later;
    }

    private void rename(SftpConnection connection, Look source, StorePath to, Look target, boolean overwrite)
            throws IOException {
        String from = Objects.requireNonNull(source.place(), "a file that is there stands somewhere");
        String place = target.place() != null ? target.place() : root.makeParents(connection, to);
        if (overwrite && connection.canReplace()) {
            connection.replace(from, place);
        } else if (target.stamp() != null || target.isLink()) {
            throw errors.lacking(Capability.MOVE, to, "the server cannot replace a file in one step");
        } else if (connection.canLink() && !source.isLink()) {
            connection.link(from, place);
            connection.removeFile(from);
        } else {
            connection.rename(from, place);
        }
    }
}
