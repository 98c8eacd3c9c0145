package io.tiercel.storage.http;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The body of an answer, up to an end that the server stated: by its length, or by a last chunk. Not threadsafe.
 */
final class Body implements AutoCloseable {
    private static final int MAX_LINE_LENGTH = 4096;
    private static final int MAX_TRAILERS = 100;

    private final HttpConnections connections;
    private final Target server;
    private final HttpConnection connection;
    private final boolean chunked;
    private final boolean keepsConnection;
    /** Bytes left of the body, or of this chunk. */
    private long left;
    private boolean begun;
    private boolean ended;
    private boolean closed;

    private Body(HttpConnections connections, Target server, HttpConnection connection, boolean chunked, long length,
            boolean keepsConnection) {
        this.connections = connections;
        this.server = server;
        this.connection = connection;
        this.chunked = chunked;
        this.left = length;
        this.keepsConnection = keepsConnection;
    }

    /** Of an answer whose head was read. */
    static Body of(HttpConnections connections, Target server, HttpConnection connection, ResponseHead head,
            boolean toHead) throws ProtocolException {
        boolean keeps = head.isHttp11() && !head.hasToken("connection", "close");
        boolean none = toHead || head.status() == 204 || head.status() == 304;
        if (!none && head.isChunked()) {
            return new Body(connections, server, connection, true, 0, keeps);
        }
        long length = none ? 0 : head.contentLength();
        if (length < 0) {
            // The end of the connection ends it: nobody can tell that from a connection that was cut.
            length = Long.MAX_VALUE;
            keeps = false;
        }
        Body body = new Body(connections, server, connection, false, length, keeps);
        body.ended = length == 0;
        return body;
    }

    /**
     * The next bytes; -1 at the end, which comes with the call that gives the last byte where the length is stated.
     *
     * @throws EOFException when the connection ended before the body.
     */
    int read(ByteBuffer target) throws IOException {
        if (!reachBytes()) {
            return -1;
        }
        return counted(connection.read(target, left));
    }

    /** As {@link #read}, with nobody wanting the bytes. */
    int skip(long most) throws IOException {
        if (!reachBytes()) {
            return -1;
        }
        return counted(connection.skip(Math.min(most, left)));
    }

    /** Whether the end was seen; one more read of a chunked body may be needed to see it. */
    boolean isEnded() {
        return ended;
    }

    boolean isChunked() {
        return chunked;
    }

    /**
     * Requires that no byte has come behind the end.
     *
     * @throws ProtocolException when one has.
     */
    void requireNothingBehind() throws IOException {
        if (connection.hasMore()) {
            throw new ProtocolException("more bytes came than the server announced");
        }
    }

    private boolean reachBytes() throws IOException {
        if (!ended && chunked && left == 0) {
            beginChunk();
        }
        return !ended;
    }

    private int counted(int count) throws IOException {
        if (count < 0) {
            throw new EOFException();
        }
        left -= count;
        ended = !chunked && left == 0;
        return count;
    }

    private void beginChunk() throws IOException {
        if (begun && !connection.readLine(MAX_LINE_LENGTH).isEmpty()) {
            throw new ProtocolException("a chunk is longer than the server announced");
        }
        begun = true;
        String line = connection.readLine(MAX_LINE_LENGTH);
        int semicolon = line.indexOf(';');
        String length = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
        if (!length.matches("[0-9a-fA-F]{1,15}")) {
            throw new ProtocolException("the length of a chunk is no number");
        }
        left = Long.parseLong(length, 16);
        if (left == 0) {
            endChunks();
        }
    }

    private void endChunks() throws IOException {
        for (int i = 0; i < MAX_TRAILERS; i++) {
            if (connection.readLine(MAX_LINE_LENGTH).isEmpty()) {
                ended = true;
                return;
            }
        }
        throw new ProtocolException("the answer has too long a tail");
    }

    /**
     * Gives the connection back when the body was read to its end, or its short rest is here already, as that of an error
     * often is; else cuts it. Idempotent; never fails.
     */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (keepsConnection && (ended || reachesEndAtOnce())) {
                connections.release(server, connection);
            } else {
                connection.close();
            }
        }
    }

    private boolean reachesEndAtOnce() {
        try {
            while (!chunked && !ended && connection.has(left)) {
                skip(left);
            }
            return ended;
        } catch (IOException e) {
            return false;
        }
    }
}
