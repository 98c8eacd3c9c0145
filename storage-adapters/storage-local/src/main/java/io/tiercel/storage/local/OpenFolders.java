package io.tiercel.storage.local;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The directories of a walk from its start to where it is, each open and read as far as the walk has come. Each is opened
 * relative to the one above, never through a link: what is moved or swapped meanwhile cannot lead the walk elsewhere.
 * Not threadsafe.
 */
final class OpenFolders implements AutoCloseable {
    private final Deque<Level> levels = new ArrayDeque<>();

    /** Opens the directory where the walk starts, by its real path. */
    @SuppressWarnings("StreamResourceLeak") // Closed with the level that holds it.
    void enterFirst(Path real) throws IOException {
        levels.push(new Level(secure(Files.newDirectoryStream(real), real), real));
    }

    /** Opens an entry of the deepest directory. */
    void enter(Path name) throws IOException {
        levels.push(new Level(stream().newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS), name));
    }

    /** Closes the deepest directory, whose name this is, and goes on in the one above. */
    Path leave() throws IOException {
        Level level = levels.pop();
        level.stream.close();
        return level.name;
    }

    boolean isEmpty() {
        return levels.isEmpty();
    }

    /** How many directories are open. */
    int depth() {
        return levels.size();
    }

    /** The next entry of the deepest directory, null behind its last. */
    @Nullable
    Path next() throws IOException {
        Iterator<Path> entries = levels.element().entries;
        try {
            return entries.hasNext() ? entries.next() : null;
        } catch (DirectoryIteratorException e) {
            throw new IOException("reading the directory failed", e);
        }
    }

    /** The deepest directory. */
    SecureDirectoryStream<Path> stream() {
        return levels.element().stream;
    }

    /** The name of an entry that {@link #next} gave. */
    static Path nameOf(Path entry) {
        return entry.getName(entry.getNameCount() - 1);
    }

    @Override
    public void close() {
        while (!isEmpty()) {
            closeQuietly(levels.pop().stream);
        }
    }

    private static void closeQuietly(DirectoryStream<Path> stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // Nothing was written through it, and its descriptor is gone either way.
            return;
        }
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream, Path real) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        stream.close();
        throw new IOException("this file system opens no directory relative to another: " + real.getFileSystem());
    }

    private static final class Level {
        final SecureDirectoryStream<Path> stream;
        final Iterator<Path> entries;
        final Path name;

        Level(SecureDirectoryStream<Path> stream, Path name) {
            this.stream = stream;
            this.entries = stream.iterator();
            this.name = name;
        }
    }
}
