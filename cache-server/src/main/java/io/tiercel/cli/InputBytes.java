package io.tiercel.cli;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Bytes to be put, mapped and never read into the heap; unmapped when nobody refers to them. Immutable. */
final class InputBytes {
    private static final long CHUNK_LENGTH = 1 << 20;

    private final ByteBuffer buffer;

    private InputBytes(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    /**
     * Maps a file.
     *
     * @throws UsageException when there is none that can be read.
     */
    static InputBytes map(String name) throws IOException {
        Path file;
        try {
            file = Path.of(name);
        } catch (InvalidPathException e) {
            throw new UsageException("no path: " + name);
        }
        if (Files.isDirectory(file)) {
            throw new UsageException("a folder, not a file: " + name);
        }
        if (!Files.isReadable(file)) {
            throw new UsageException("no such file, or not readable: " + name);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return map(channel, name);
        }
    }

    /** Reads a stream to its end, by way of a temporary file that has no name any more: its length is not known. */
    static InputBytes spool(InputStream in) throws IOException {
        Path file = Files.createTempFile("tiercel-put", ".part");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE); ReadableByteChannel source = Channels.newChannel(in)) {
            long length = 0;
            long count;
            while ((count = channel.transferFrom(source, length, CHUNK_LENGTH)) > 0) {
                length += count;
                requireMappable(length, "standard input");
            }
            return map(channel, "standard input");
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static InputBytes map(FileChannel channel, String name) throws IOException {
        long length = channel.size();
        requireMappable(length, name);
        return new InputBytes(channel.map(FileChannel.MapMode.READ_ONLY, 0, length));
    }

    private static void requireMappable(long length, String name) {
        if (length > Integer.MAX_VALUE) {
            throw new TiercelException(ErrorCode.TOO_LARGE,
                    name + " is too large: length=" + length + ", the largest object has " + Integer.MAX_VALUE);
        }
    }

    ByteBuffer buffer() {
        return buffer;
    }
}
