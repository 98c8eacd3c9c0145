package io.tiercel.bench.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.agrona.CloseHelper;

/** One large value, read again and again into one buffer. Not threadsafe. */
public final class WholeValue implements AutoCloseable {
    /** Room for a head before the value, so that the value begins on a multiple of 64. */
    private static final int HEAD_ROOM = 64;

    private final SocketLine line;
    private final Protocol protocol = new RespProtocol();
    private final ByteBuffer request;
    private final ByteBuffer head = ByteBuffer.allocateDirect(1);
    private final ByteBuffer in;
    private final int length;

    private WholeValue(SocketAddress address, String key, int length) throws IOException {
        this.line = SocketLine.connect(address, SocketLine.SPIN_NS);
        this.request = ByteBuffer.wrap(protocol.get(key).getBytes(StandardCharsets.US_ASCII));
        this.in = ByteBuffer.allocateDirect(HEAD_ROOM + length + 2 * HEAD_ROOM).alignedSlice(HEAD_ROOM);
        this.length = length;
    }

    /** A value of that length, over a unix socket. */
    public static WholeValue ofRedis(Path socket, String key, int length) {
        try {
            return new WholeValue(UnixDomainSocketAddress.of(socket), key, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The value's bytes, until the next call. */
    public ByteBuffer get() {
        try {
            line.write(request.rewind(), head);
            // All replies are alike, so that the head's length is known.
            int headLength = 1 + Integer.toString(length).length() + 2;
            int from = HEAD_ROOM - headLength;
            in.limit(HEAD_ROOM + length + protocol.tailLength()).position(from);
            while (in.hasRemaining()) {
                line.read(in);
            }
            int valueLength = protocol.valueLength(in, from, headLength);
            if (valueLength != length) {
                throw new IllegalStateException("length=" + valueLength + " expected " + length);
            }
            return in.slice(HEAD_ROOM, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        CloseHelper.close(line);
    }
}
