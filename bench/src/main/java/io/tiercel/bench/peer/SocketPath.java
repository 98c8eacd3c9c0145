package io.tiercel.bench.peer;

import io.tiercel.bench.load.Payloads;
import io.tiercel.bench.load.ReadPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.CloseHelper;

/**
 * Values read over one connection in some protocol: requests encoded beforehand, replies parsed where they were received,
 * in one direct buffer that is used again; nothing is copied and nothing allocated. With a window of more than one, so
 * many requests go out in one write before the first reply is awaited. Not threadsafe.
 */
public final class SocketPath implements ReadPath {
    private static final int MOST_HEAD_LENGTH = 4096;

    private final SocketLine line;
    private final Protocol protocol;
    private final Payloads payloads;
    private final int window;
    private final ByteBuffer[] requests;
    private final ByteBuffer batchHead;
    private final ByteBuffer batchTail;
    private final int[] asked;
    private final ByteBuffer out;
    private final ByteBuffer in;
    /** Where the first byte of what is not yet read of {@link #in} lies. */
    private int unread;

    private SocketPath(SocketLine line, Protocol protocol, Payloads payloads, int window) {
        this.line = line;
        this.protocol = protocol;
        this.payloads = payloads;
        this.window = window;
        this.requests = new ByteBuffer[payloads.count()];
        int longest = 0;
        for (int number = 0; number < requests.length; number++) {
            requests[number] = bytes(protocol.get(payloads.key(number)));
            longest = Math.max(longest, requests[number].capacity());
        }
        this.batchHead = bytes(protocol.batchHead());
        this.batchTail = bytes(protocol.batchTail());
        this.asked = new int[window];
        this.out = ByteBuffer.allocateDirect(batchHead.capacity() + longest * window + batchTail.capacity());
        this.in = ByteBuffer.allocateDirect((int) Math.min((payloads.length() + (long) MOST_HEAD_LENGTH) * window,
                payloads.length() + (long) MOST_HEAD_LENGTH + (1 << 20))).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer bytes(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocateDirect(encoded.length).put(encoded).flip();
    }

    static SocketPath open(SocketAddress address, Protocol protocol, Payloads payloads, int window) {
        return open(address, protocol, payloads, window, SocketLine.SPIN_NS);
    }

    static SocketPath open(SocketAddress address, Protocol protocol, Payloads payloads, int window, long spinNs) {
        try {
            return new SocketPath(SocketLine.connect(address, spinNs), protocol, payloads, window);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Objects of a web server under {@code http://HOST:PORT/prefix}. */
    public static SocketPath http(SocketAddress address, String prefix, Payloads payloads) {
        return open(address, new HttpProtocol(prefix), payloads, 1);
    }

    @Override
    public int valuesPerRead() {
        return window;
    }

    @Override
    public boolean read() {
        try {
            ask();
            boolean isRight = true;
            for (int number : asked) {
                isRight &= answer(number);
            }
            takeBatchTail();
            return isRight;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void ask() throws IOException {
        if (window == 1 && !batchTail.rewind().hasRemaining()) {
            int number = payloads.draw();
            asked[0] = number;
            line.write(requests[number].rewind(), in);
            return;
        }
        out.clear().put(batchHead.rewind());
        for (int i = 0; i < window; i++) {
            asked[i] = payloads.draw();
            out.put(requests[asked[i]].rewind());
        }
        line.write(out.put(batchTail.rewind()).flip(), in);
    }

    private void takeBatchTail() throws IOException {
        int length = protocol.batchReplyTailLength();
        while (in.position() - unread < length) {
            receive(length);
        }
        if (length > 0) {
            skip(length);
        }
    }

    /** @throws IllegalStateException when the value is there and is another. */
    private boolean answer(int number) throws IOException {
        int headLength = protocol.headLength(in, unread, in.position());
        while (headLength == Protocol.INCOMPLETE) {
            receive(1);
            headLength = protocol.headLength(in, unread, in.position());
        }
        int valueLength = protocol.valueLength(in, unread, headLength);
        if (valueLength == Protocol.ABSENT) {
            skip(headLength);
            return false;
        }
        int replyLength = Math.addExact(headLength + protocol.tailLength(), valueLength);
        while (in.position() - unread < replyLength) {
            receive(replyLength);
        }
        payloads.requireRight(number, in.getLong(unread + headLength), valueLength);
        skip(replyLength);
        return true;
    }

    private void skip(int length) {
        unread += length;
        if (unread == in.position()) {
            in.clear();
            unread = 0;
        }
    }

    /** Receives some bytes, with room for a reply of so many. */
    private void receive(int replyLength) throws IOException {
        if (!in.hasRemaining() || in.capacity() - unread < replyLength) {
            in.flip().position(unread);
            in.compact();
            unread = 0;
            if (!in.hasRemaining() || in.capacity() < replyLength) {
                throw new IOException("reply of " + replyLength + " bytes, expected at most " + in.capacity());
            }
        }
        line.read(in);
    }

    @Override
    public void close() {
        CloseHelper.close(line);
    }
}
