package io.tiercel.bench.peer;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * A connection that is read as fast as a thread can: it spins for some time, before it lets the kernel wake it. TCP
 * without delay, or a unix socket. Not threadsafe.
 */
final class SocketLine implements AutoCloseable {
    /** As Tiercel's client does. */
    static final long SPIN_NS = 100_000L;

    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long SELECT_MS = 1_000L;

    private final SocketChannel channel;
    private final Selector selector;
    private final long spinNs;

    private SocketLine(SocketChannel channel, Selector selector, long spinNs) {
        this.spinNs = spinNs;
        this.channel = channel;
        this.selector = selector;
    }

    /** @param spinNs how long to spin for an answer; 0 where many wait at once. */
    static SocketLine connect(SocketAddress address, long spinNs) throws IOException {
        SocketChannel channel = SocketChannel.open(address);
        if (address instanceof InetSocketAddress) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        channel.configureBlocking(false);
        Selector selector = Selector.open();
        channel.register(selector, SelectionKey.OP_READ);
        return new SocketLine(channel, selector, spinNs);
    }

    /** Sends all of it. What comes in meanwhile is taken into {@code replies}, or both sides could wait for ever. */
    void write(ByteBuffer bytes, ByteBuffer replies) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) == 0 && replies.hasRemaining() && channel.read(replies) < 0) {
                throw new EOFException("the server closed the connection");
            }
        }
    }

    /** Reads at least a byte into the buffer, which has room. */
    void read(ByteBuffer into) throws IOException {
        int count = channel.read(into);
        if (count == 0) {
            count = await(into);
        }
        if (count < 0) {
            throw new EOFException("the server closed the connection");
        }
    }

    private int await(ByteBuffer into) throws IOException {
        long startNs = System.nanoTime();
        while (true) {
            int count = channel.read(into);
            if (count != 0) {
                return count;
            }
            long waitedNs = System.nanoTime() - startNs;
            if (waitedNs > TIMEOUT_NS) {
                throw new IOException("no answer in " + TIMEOUT_NS + " ns");
            }
            if (waitedNs < spinNs) {
                Thread.onSpinWait();
            } else {
                selector.select(SELECT_MS);
                selector.selectedKeys().clear();
            }
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
