package io.tiercel.storage.local;

import static java.util.Objects.requireNonNull;

import io.tiercel.storage.ObjectInfo;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A write under way: a file without a name in the store, removed at close unless it was given one. Not threadsafe. */
final class UnfinishedFile implements AutoCloseable {
    private static final int BUFFER_LENGTH = 128 * 1024;

    private final Path path;
    private final FileChannel channel;
    private boolean moved;

    UnfinishedFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Shows other processes that the writer lives. The lock ends with the channel. */
    void lock() throws IOException {
        channel.lock();
    }

    /**
     * Takes a source to its end, onto the disk.
     *
     * @throws UncheckedIOException when the source failed, or gave more or less than expected.
     */
    void fill(ReadableByteChannel source, long expected) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_LENGTH);
        long length = 0;
        while (readSource(source, buffer) >= 0) {
            buffer.flip();
            length += buffer.remaining();
            if (expected != ObjectInfo.UNKNOWN_LENGTH && length > expected) {
                throw new UncheckedIOException(new IOException("the source goes on after " + expected + " bytes"));
            }
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            buffer.clear();
        }
        if (expected != ObjectInfo.UNKNOWN_LENGTH && length < expected) {
            throw new UncheckedIOException(
                    new EOFException("the source ended after " + length + " of " + expected + " bytes"));
        }
        channel.force(true);
    }

    FileStamp stamp() throws IOException {
        return FileStamp.of(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** Takes a name, from whoever has it, in one step. */
    void replace(Path target) throws IOException {
        Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
        moved = true;
    }

    /**
     * Takes a name that nobody has, in one step.
     *
     * @throws AtomicMoveNotSupportedException when there is none, as there is not from one file system to another.
     */
    void appear(Place target) throws IOException {
        try {
            Files.createLink(target.path(), path);
        } catch (NoSuchFileException | FileAlreadyExistsException | AccessDeniedException e) {
            throw e;
        } catch (FileSystemException e) {
            if (deviceOf(target.folder()).equals(deviceOf(path))) {
                throw e;
            }
            throw new AtomicMoveNotSupportedException(path.toString(), target.path().toString(), e.getReason());
        }
        Files.delete(path);
        moved = true;
    }

    private static Object deviceOf(Path place) throws IOException {
        return requireNonNull(Files.getAttribute(place, "unix:dev"), "unix:dev");
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            if (!moved) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static int readSource(ReadableByteChannel source, ByteBuffer buffer) {
        try {
            return source.read(buffer);
        } catch (IOException e) {
            throw new UncheckedIOException("the source failed", e);
        }
    }
}
