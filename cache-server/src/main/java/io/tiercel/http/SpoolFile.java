package io.tiercel.http;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.tier.ContentHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Body of unknown length while it comes in. It has no name in the file system from the moment it is open, so that
 * nothing stays when the process dies. Not threadsafe, save {@link #close}, which must come last.
 */
final class SpoolFile implements AutoCloseable {
    static final String SUFFIX = ".spool";

    private static final int PIECE_LENGTH = 1024 * 1024;

    private final SpoolBudget budget;
    private final FileChannel channel;
    private long length;

    SpoolFile(Path path, SpoolBudget budget) throws IOException {
        this.budget = budget;
        this.channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        Files.delete(path);
    }

    long length() {
        return length;
    }

    /**
     * Writes all that remains of a buffer.
     *
     * @throws TiercelException with OVERLOADED beyond the budget, NO_SPACE when the disk refuses.
     */
    void append(ByteBuffer source) {
        int added = source.remaining();
        budget.take(added);
        length += added;
        try {
            while (source.hasRemaining()) {
                channel.write(source);
            }
        } catch (IOException e) {
            throw new TiercelException(ErrorCode.NO_SPACE, "a body cannot be spooled: " + e.getMessage(), e);
        }
    }

    /** Fills a buffer of exactly this length, and hashes on the way. */
    ContentHash moveTo(ByteBuffer target) throws IOException {
        ContentHash hash = new ContentHash();
        channel.position(0);
        while (target.hasRemaining()) {
            int position = target.position();
            ByteBuffer piece = target.slice(position, Math.min(PIECE_LENGTH, target.remaining()));
            if (channel.read(piece) < 0) {
                throw new IOException("spooled file ended early: length=" + length);
            }
            hash.update(piece.flip());
            target.position(position + piece.limit());
        }
        return hash;
    }

    @Override
    public void close() {
        budget.giveBack(length);
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
