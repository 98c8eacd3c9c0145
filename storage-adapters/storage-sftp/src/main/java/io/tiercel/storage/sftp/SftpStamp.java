package io.tiercel.storage.sftp;

import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorePath;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.sftp.client.SftpClient.Attribute;
import org.apache.sshd.sftp.client.SftpClient.Attributes;
import org.jspecify.annotations.Nullable;

/**
 * What the server said of a file at one moment. Immutable and threadsafe.
 *
 * @param length bytes, {@link ObjectInfo#UNKNOWN_LENGTH} when the server does not say.
 * @param modifiedS seconds since 1970, all that version 3 of the protocol tells; {@link #NO_TIME} when it says nothing.
 */
record SftpStamp(Kind kind, long length, long modifiedS) {
    static final long NO_TIME = -1;

    /** Seconds within which a change may be followed by one that shows in no time. */
    private static final long RACY_S = 2;

    /** A file's type. */
    enum Kind {
        FILE,
        FOLDER,
        LINK,
        SPECIAL,
        /** The server did not say. */
        UNKNOWN
    }

    static SftpStamp of(Attributes attributes) {
        boolean hasSize = attributes.getFlags().contains(Attribute.Size);
        boolean hasTime = attributes.getFlags().contains(Attribute.ModifyTime);
        return new SftpStamp(kindOf(attributes), hasSize ? attributes.getSize() : ObjectInfo.UNKNOWN_LENGTH,
                hasTime ? attributes.getModifyTime().to(TimeUnit.SECONDS) : NO_TIME);
    }

    private static Kind kindOf(Attributes attributes) {
        if (!attributes.getFlags().contains(Attribute.Perms)) {
            return Kind.UNKNOWN;
        }
        if (attributes.isRegularFile()) {
            return Kind.FILE;
        }
        if (attributes.isDirectory()) {
            return Kind.FOLDER;
        }
        return attributes.isSymbolicLink() ? Kind.LINK : Kind.SPECIAL;
    }

    SftpStamp withKind(Kind other) {
        return new SftpStamp(other, length, modifiedS);
    }

    boolean isFile() {
        return kind == Kind.FILE;
    }

    boolean isFolder() {
        return kind == Kind.FOLDER;
    }

    boolean isLink() {
        return kind == Kind.LINK;
    }

    /** Made of size and time, with quotes; null where the server tells only one of them. */
    @Nullable
    String etag() {
        return length == ObjectInfo.UNKNOWN_LENGTH || modifiedS == NO_TIME
                ? null
                : '"' + Long.toHexString(length) + '-' + Long.toHexString(modifiedS) + '"';
    }

    ObjectInfo info(StorePath path) {
        long modifiedMs = modifiedS == NO_TIME ? 0 : TimeUnit.SECONDS.toMillis(modifiedS);
        if (isFolder()) {
            return ObjectInfo.folder(path).lastModifiedMs(modifiedMs).build();
        }
        boolean racy = TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()) - modifiedS < RACY_S;
        return ObjectInfo.file(path).length(length).etag(etag()).racilyClean(racy).lastModifiedMs(modifiedMs).build();
    }
}
