package io.tiercel.storage.jdbc;

import io.tiercel.storage.AbstractRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A version, or a range of one, being read: a chunk of it is held, and none of the database's resources. The first chunk came
 * with the row. Not threadsafe.
 */
final class JdbcRead extends AbstractRead {
    private final BlobTable table;
    private final DatabaseCalls calls;
    private final SqlErrors errors;
    private final Row row;
    private final long end;
    private long position;
    private byte @Nullable [] chunk;
    private long chunkNumber;

    JdbcRead(BlobTable table, DatabaseCalls calls, StorageGuard guard, SqlErrors errors, StorePath path,
            BlobTable.Opened opened, ReadOptions options) {
        super(guard, opened.row().info(path), options.beginIn(opened.row().length()),
                options.lengthIn(opened.row().length()));
        this.table = table;
        this.calls = calls;
        this.errors = errors;
        this.row = opened.row();
        this.end = offset() + length();
        this.position = offset();
        this.chunk = opened.chunk();
        this.chunkNumber = offset() / row.chunkLength();
    }

    @Override
    protected int draw(ByteBuffer target) {
        if (position == end) {
            return -1;
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        byte[] bytes = currentChunk();
        int from = (int) (position % row.chunkLength());
        int count = (int) Math.min(Math.min(bytes.length - from, end - position), target.remaining());
        target.put(bytes, from, count);
        position += count;
        return count;
    }

    /** That of the position, of the length that it must have. */
    private byte[] currentChunk() {
        long number = position / row.chunkLength();
        byte[] bytes = chunk;
        if (number != chunkNumber || bytes == null) {
            chunk = null;
            bytes = calls.readExisting(path(), connection -> table.chunk(connection, row.version(), number))
                    .orElseThrow(this::gone);
        }
        if (bytes.length != row.chunkLength(number)) {
            throw errors.of(Kind.UNAVAILABLE, path(), "chunk " + number + " has length=" + bytes.length
                    + ", the object of length=" + row.length() + " has another there");
        }
        chunk = bytes;
        chunkNumber = number;
        return bytes;
    }

    private StorageException gone() {
        return errors.of(Kind.UNAVAILABLE, path(), "the version that is read was replaced, and is gone");
    }

    @Override
    protected void release() {
        chunk = null;
    }
}
