package io.tiercel.storage.jdbc;

import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes versions and has paths lead to them. Threadsafe.
 *
 * <p>An object of one chunk is one transaction. A longer one is loose while its chunks come in, a transaction each, each of
 * which renews its time; the last one has the path lead to it. Nobody reads it before, and what dies on the way expires.
 */
final class BlobWriter {
    private static final int CHUNKS_COPIED_AT_A_TIME = 64;

    private final BlobTable table;
    private final DatabaseCalls calls;
    private final SqlErrors errors;
    private final Sweeper sweeper;
    private final Keeping keeping;

    BlobWriter(BlobTable table, DatabaseCalls calls, SqlErrors errors, Sweeper sweeper, Keeping keeping) {
        this.table = table;
        this.calls = calls;
        this.errors = errors;
        this.sweeper = sweeper;
        this.keeping = keeping;
    }

    WriteResult write(StorePath path, String key, ReadableByteChannel source, long expected, WriteOptions options) {
        requireWritableNow(path, key, options);
        Version version = new Version(path);
        boolean done = false;
        try {
            byte[] chunk = new byte[firstLength(expected)];
            int filled = fill(chunk, source);
            while (filled == chunk.length) {
                requireAtMost(expected, version.length + filled);
                version.add(chunk);
                filled = fill(chunk, source);
            }
            byte[] last = Arrays.copyOf(chunk, filled);
            long length = version.length + filled;
            requireExactly(expected, length);
            Row row = new Row(key, version.id, length, Row.CHUNK_LENGTH, options.contentType(),
                    Row.linesOf(options.userMetadata()), System.currentTimeMillis());
            WriteResult result = version.publish(row, last, options);
            done = true;
            return result;
        } finally {
            version.end(done);
        }
    }

    WriteResult copy(Row source, StorePath to, String toKey, WriteOptions options) {
        requireWritableNow(to, toKey, options);
        Version version = new Version(to);
        boolean done = false;
        try {
            for (long first = 0; first < source.chunkCount(); first += CHUNKS_COPIED_AT_A_TIME) {
                version.addCopies(source, first, Math.min(source.chunkCount(), first + CHUNKS_COPIED_AT_A_TIME));
            }
            Row row = new Row(toKey, version.id, source.length(), source.chunkLength(), source.contentType(),
                    source.metadata(), System.currentTimeMillis());
            WriteResult result = version.publish(row, new byte[0], options);
            done = true;
            return result;
        } finally {
            version.end(done);
        }
    }

    /** Refuses what the options do not let be written, given what is there. */
    void requireWritable(StorePath path, Optional<Row> before, WriteOptions options) {
        String ifMatch = options.ifMatch();
        if (ifMatch != null) {
            if (before.isEmpty() || !before.get().etag().equals(ifMatch)) {
                throw errors.of(Kind.PRECONDITION_FAILED, path, "the object is missing or of another version");
            }
        } else if (before.isPresent() && !options.overwrite()) {
            throw errors.of(Kind.ALREADY_EXISTS, path, "");
        }
    }

    /** The same before the source is touched; a write without a condition asks nothing. */
    private void requireWritableNow(StorePath path, String key, WriteOptions options) {
        if (options.ifMatch() != null || !options.overwrite()) {
            requireWritable(path, calls.read(path, connection -> table.find(connection, key), Optional::empty),
                    options);
        }
    }

    /** A version on its way. Not threadsafe. */
    private final class Version {
        private final StorePath path;
        private final UUID id = UUID.randomUUID();
        private long chunkCount;
        private long length;
        private boolean begun;

        private Version(StorePath path) {
            this.path = path;
        }

        private void add(byte[] chunk) {
            long number = chunkCount;
            step(connection -> {
                table.putChunk(connection, id, number, chunk);
                return number;
            });
            chunkCount++;
            length += chunk.length;
        }

        private void addCopies(Row source, long first, long end) {
            step(connection -> {
                if (table.copyChunks(connection, source.version(), id, first, end) != end - first) {
                    throw errors.of(Kind.UNAVAILABLE, path, "the version that is copied was replaced, and is gone");
                }
                return end;
            });
        }

        /** A transaction that keeps the version alive, or begins its life. */
        private void step(DatabaseCalls.Work<Long> work) {
            boolean first = !begun;
            begun = true;
            calls.changeOrCreate(path, connection -> {
                if (first) {
                    table.addLoose(connection, id, keeping.unfinishedMs());
                } else {
                    requireAlive(table.renew(connection, id, keeping.unfinishedMs()));
                }
                return work.run(connection);
            });
        }

        /** Has the path lead to the version; {@code last} is its last chunk, empty for none. */
        private WriteResult publish(Row row, byte[] last, WriteOptions options) {
            return calls.changeOrCreate(path, connection -> {
                Optional<Row> before = table.lock(connection, row.path());
                requireWritable(path, before, options);
                if (begun) {
                    requireAlive(table.takeLoose(connection, id));
                }
                if (last.length > 0) {
                    table.putChunk(connection, id, chunkCount, last);
                }
                if (before.isPresent()) {
                    table.addLoose(connection, before.get().version(), keeping.replacedMs());
                    table.replace(connection, row);
                } else {
                    table.insert(connection, row);
                }
                return WriteResult.of(row.info(path), before.isEmpty());
            });
        }

        private void requireAlive(boolean alive) {
            if (!alive) {
                throw errors.of(Kind.UNAVAILABLE, path, "the write stood still for too long, and was given up");
            }
        }

        /** Removes what a failed write has left, if that is quick; else it expires. */
        private void end(boolean done) {
            if (done) {
                sweeper.mayRun();
            } else if (begun && !Thread.currentThread().isInterrupted()) {
                try {
                    sweeper.remove(id, false);
                } catch (StorageException e) {
                    // The failure that led here counts; the version is invisible, and expires.
                    return;
                }
            }
        }
    }

    /** One byte more than expected, so that a source that goes on is noticed. */
    private static int firstLength(long expected) {
        return expected < 0 || expected >= Row.CHUNK_LENGTH ? Row.CHUNK_LENGTH : (int) expected + 1;
    }

    /** How many bytes came; fewer than fit only at the end of the source. */
    private static int fill(byte[] chunk, ReadableByteChannel source) {
        ByteBuffer target = ByteBuffer.wrap(chunk);
        try {
            while (target.hasRemaining() && source.read(target) >= 0) {
                // Goes on until the chunk is full or the source at its end.
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the source failed", e);
        }
        return target.position();
    }

    private static void requireAtMost(long expected, long length) {
        if (expected != ObjectInfo.UNKNOWN_LENGTH && length > expected) {
            throw new UncheckedIOException(new IOException("the source goes on after " + expected + " bytes"));
        }
    }

    private static void requireExactly(long expected, long length) {
        requireAtMost(expected, length);
        if (expected != ObjectInfo.UNKNOWN_LENGTH && length < expected) {
            throw new UncheckedIOException(
                    new EOFException("the source ended after " + length + " of " + expected + " bytes"));
        }
    }
}
