package io.tiercel.storage.local;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file opened for reading together with the stamp of exactly this file.
 *
 * <p>With a {@link DescriptorPath} the stamp is the open file's own. Without one its name is looked at before and after
 * the opening; only when both looks agree is it known which file it was. Not threadsafe.
 */
final class OpenFile implements AutoCloseable {
    private static final int ATTEMPTS = 10;
    /** A file that is being replaced may have its new change time before its name is gone. */
    private static final int LOOKS = 3;

    private final FileChannel channel;
    private final Path name;
    private final @Nullable Path self;
    private final FileStamp stamp;

    private OpenFile(FileChannel channel, Path name, @Nullable Path self, FileStamp stamp) {
        this.channel = channel;
        this.name = name;
        this.self = self;
        this.stamp = stamp;
    }

    /**
     * Opens what stands at a real path.
     *
     * @return null when that is no regular file, or keeps being replaced while it is looked at.
     */
    static @Nullable OpenFile open(Path real, boolean byDescriptor) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            FileStamp before = FileStamp.of(real, LinkOption.NOFOLLOW_LINKS);
            if (!before.isFile()) {
                return null;
            }
            FileInputStream stream = tryStream(real);
            OpenFile file = stream == null ? null : identified(stream, real, before, byDescriptor);
            if (file != null) {
                return file;
            }
        }
        return null;
    }

    /** When the file was opened. */
    FileStamp stamp() {
        return stamp;
    }

    /** Where the kernel found the open file, its name where the kernel does not tell. */
    Path place() throws IOException {
        return self == null ? name : Files.readSymbolicLink(self);
    }

    int read(ByteBuffer target, long position) throws IOException {
        return channel.read(target, position);
    }

    /** Whether the open file still has the bytes it had when it was opened, as far as can be seen. */
    boolean isUnchanged() throws IOException {
        if (self != null) {
            boolean isUnchanged = false;
            for (int look = 0; look < LOOKS && !isUnchanged; look++) {
                isUnchanged = FileStamp.of(self).hasBytesOf(stamp);
            }
            return isUnchanged;
        }
        try {
            FileStamp now = FileStamp.of(name, LinkOption.NOFOLLOW_LINKS);
            return now.inode() != stamp.inode() || now.hasBytesOf(stamp);
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** A stream, since only of a stream does the JDK tell the descriptor; null when it is worth another look. */
    private static @Nullable FileInputStream tryStream(Path real) throws IOException {
        try {
            return new FileInputStream(real.toFile());
        } catch (FileNotFoundException e) {
            // Says "not found" whatever the reason; opened this way the reason is thrown as its type.
            FileChannel.open(real, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS).close();
            return null;
        }
    }

    private static @Nullable OpenFile identified(FileInputStream stream, Path real, FileStamp before,
            boolean byDescriptor) throws IOException {
        FileChannel channel = stream.getChannel();
        boolean identified = false;
        try {
            Path self = byDescriptor ? DescriptorPath.of(stream.getFD()) : null;
            FileStamp stamp = self == null ? FileStamp.of(real, LinkOption.NOFOLLOW_LINKS) : FileStamp.of(self);
            identified = self == null ? stamp.equals(before) : stamp.isFile();
            return identified ? new OpenFile(channel, real, self, stamp) : null;
        } finally {
            if (!identified) {
                channel.close();
            }
        }
    }
}
