package io.tiercel.storage.local;

import static java.util.Objects.requireNonNull;

import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the file system said of a file at one moment, in one call: the version of its bytes. Immutable and threadsafe.
 *
 * <p>The change time (ctime) is the part that no program can set: it gives away a file that was rewritten with its old
 * size and modification time.
 */
record FileStamp(int mode, long length, long modifiedNs, long changedNs, long inode, int linkCount) {
    /** A change so recent may be followed by another one in the same tick of the file system's clock. */
    private static final long RACY_NS = TimeUnit.SECONDS.toNanos(2);

    private static final String ATTRIBUTES = "unix:mode,size,lastModifiedTime,ctime,ino,nlink";
    private static final int TYPE_MASK = 0xF000;
    private static final int TYPE_FOLDER = 0x4000;
    private static final int TYPE_FILE = 0x8000;
    private static final int TYPE_LINK = 0xA000;

    static FileStamp of(Path path, LinkOption... options) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, ATTRIBUTES, options);
        return new FileStamp(number(attributes, "mode").intValue(), number(attributes, "size").longValue(),
                nanos(attributes, "lastModifiedTime"), nanos(attributes, "ctime"),
                number(attributes, "ino").longValue(), number(attributes, "nlink").intValue());
    }

    boolean isFile() {
        return (mode & TYPE_MASK) == TYPE_FILE;
    }

    boolean isFolder() {
        return (mode & TYPE_MASK) == TYPE_FOLDER;
    }

    boolean isLink() {
        return (mode & TYPE_MASK) == TYPE_LINK;
    }

    /** Made of size, times and inode, with quotes. */
    String etag() {
        return '"' + Long.toHexString(length) + '-' + Long.toHexString(modifiedNs) + '-' + Long.toHexString(changedNs)
                + '-' + Long.toHexString(inode) + '"';
    }

    /**
     * Whether the bytes are those of an earlier stamp of the same open file. Losing a name changes the change time as
     * well, which is what befalls a file that is atomically replaced: its bytes are still good. The two do not change at one
     * moment, so that a file whose last name was gone at the earlier look may have had its old change time then.
     */
    boolean hasBytesOf(FileStamp earlier) {
        return inode == earlier.inode && length == earlier.length && modifiedNs == earlier.modifiedNs
                && (changedNs == earlier.changedNs || linkCount < earlier.linkCount || linkCount == 0);
    }

    ObjectInfo info(StorePath path) {
        long modifiedMs = TimeUnit.NANOSECONDS.toMillis(modifiedNs);
        if (isFolder()) {
            return ObjectInfo.folder(path).lastModifiedMs(modifiedMs).build();
        }
        long nowNs = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
        boolean racy = nowNs - Math.max(modifiedNs, changedNs) < RACY_NS;
        return ObjectInfo.file(path).length(length).etag(etag()).racilyClean(racy).lastModifiedMs(modifiedMs).build();
    }

    private static Number number(Map<String, Object> attributes, String name) {
        return (Number) requireNonNull(attributes.get(name), name);
    }

    private static long nanos(Map<String, Object> attributes, String name) {
        return ((FileTime) requireNonNull(attributes.get(name), name)).to(TimeUnit.NANOSECONDS);
    }
}
