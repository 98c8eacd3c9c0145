package io.tiercel.mapped;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An OS lock on a file of its own: proof that the process which took it lives, whatever its pid namespace. The kernel
 * drops it when the process dies.
 *
 * <p>POSIX drops a process's locks on a file when <em>any</em> of its descriptors of that file is closed. So no file
 * is ever opened while this JVM holds its lock: a table of held locks answers first, under one mutex. Threadsafe.
 */
public final class LockFile implements AutoCloseable {
    private static final Map<Path, LockFile> HELD = new HashMap<>();

    private final Path path;
    private final FileChannel channel;

    private LockFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Takes the lock, creating the file when it is missing.
     *
     * @return the held lock, or null when a living process, perhaps this one, holds it.
     * @throws IOException when the file cannot be opened.
     */
    public static @Nullable LockFile tryAcquire(Path file) throws IOException {
        synchronized (HELD) {
            Path path = identity(file);
            if (HELD.containsKey(path)) {
                return null;
            }
            FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            boolean locked = false;
            try {
                locked = channel.tryLock() != null;
            } finally {
                if (!locked) {
                    channel.close();
                }
            }
            if (!locked) {
                return null;
            }
            LockFile lock = new LockFile(path, channel);
            HELD.put(path, lock);
            return lock;
        }
    }

    /** Whether a living process holds the lock; a missing file is held by nobody, and is not created. */
    public static boolean isHeld(Path file) throws IOException {
        synchronized (HELD) {
            if (!Files.exists(file)) {
                return false;
            }
            LockFile lock = tryAcquire(file);
            if (lock == null) {
                return true;
            }
            lock.close();
            return false;
        }
    }

    /** Replaces the file's text, which says to people who the holder is; the lock itself is the truth. */
    public void describe(String text) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
    }

    /** Gives the lock up; the file stays. A second call does nothing. */
    @Override
    public void close() throws IOException {
        synchronized (HELD) {
            if (HELD.remove(path, this)) {
                channel.close();
            }
        }
    }

    private static Path identity(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path parent = absolute.getParent();
        if (parent == null) {
            throw new IOException("lock file has no folder: file=" + file);
        }
        return parent.toRealPath().resolve(absolute.getFileName());
    }
}
