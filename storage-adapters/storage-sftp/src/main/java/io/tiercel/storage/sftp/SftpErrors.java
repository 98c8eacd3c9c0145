package io.tiercel.storage.sftp;

import io.tiercel.storage.Capability;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/** Says in the words of the store what the server said, or that it said nothing. Immutable and threadsafe. */
final class SftpErrors {
    private final String store;

    SftpErrors(String store) {
        this.store = store;
    }

    StorageException of(Kind kind, StorePath path, String why) {
        return StorageException.of(kind).store(store).path(path).because(why).build();
    }

    StorageException of(Kind kind, StorePath path, String why, Exception cause) {
        return StorageException.of(kind).store(store).path(path).because(why).cause(cause).build();
    }

    StorageException lacking(Capability capability, StorePath path, String why) {
        return StorageException.of(Kind.CAPABILITY_NOT_SUPPORTED).store(store).path(path).capability(capability)
                .because(why).build();
    }

    /** Keeps the flag of a thread that was interrupted. */
    StorageException of(StorePath path, IOException e) {
        if (e instanceof SftpRefusal refusal) {
            return of(refusal.kind(), path, refusal.words(), e);
        }
        if (e instanceof SftpException answer) {
            return ofStatus(path, answer);
        }
        if (e instanceof SocketTimeoutException) {
            return of(Kind.UNAVAILABLE, path, "the server did not answer in time", e);
        }
        if (e instanceof InterruptedIOException) {
            Thread.currentThread().interrupt();
            return of(Kind.UNAVAILABLE, path, "the thread was interrupted", e);
        }
        return of(Kind.UNAVAILABLE, path, "the connection broke, or its answers made no sense", e);
    }

    private StorageException ofStatus(StorePath path, SftpException e) {
        if (SftpConnection.isMissing(e)) {
            return of(Kind.NOT_FOUND, path, "", e);
        }
        if (SftpConnection.isDenied(e)) {
            return of(Kind.PERMISSION_DENIED, path, "", e);
        }
        // The status' name is a word of the protocol; the server's text may say anything.
        return of(Kind.UNAVAILABLE, path, "the server answered " + SftpConstants.getStatusName(e.getStatus()), e);
    }
}
