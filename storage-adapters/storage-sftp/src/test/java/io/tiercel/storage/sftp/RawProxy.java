package io.tiercel.storage.sftp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Carries bytes between a client and a server, and fails at the word. Threadsafe. */
final class RawProxy implements AutoCloseable {
    /** What befalls the bytes that come from the server. */
    enum Mode {
        PASS,
        /** Each connection is closed as soon as it is there. */
        REFUSE,
        /** Nothing goes on any more, and nothing ends. */
        STALL,
        /** A byte in a thousand is another one. */
        GARBLE,
        /** A little at a time. */
        DRIP
    }

    private final ServerSocket listener;
    private final int serverPort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicLong carried = new AtomicLong();
    private final Semaphore ended = new Semaphore(0);
    private volatile Mode mode = Mode.PASS;
    private volatile long resetAt = Long.MAX_VALUE;

    private RawProxy(ServerSocket listener, int serverPort) {
        this.listener = listener;
        this.serverPort = serverPort;
    }

    static RawProxy before(int serverPort) throws IOException {
        RawProxy proxy = new RawProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), serverPort);
        Thread.ofVirtual().start(proxy::accept);
        return proxy;
    }

    int port() {
        return listener.getLocalPort();
    }

    void mode(Mode value) {
        mode = value;
    }

    /** Cuts all connections once so many more bytes came from the server. */
    void resetAfter(long bytes) {
        resetAt = carried.get() + bytes;
    }

    /** Connections that were tried. */
    int accepted() {
        return accepted.get();
    }

    /** Bytes that came from the server. */
    long carried() {
        return carried.get();
    }

    private void accept() {
        try {
            for (;;) {
                Socket client = listener.accept();
                accepted.incrementAndGet();
                if (mode == Mode.REFUSE) {
                    client.close();
                } else {
                    carryBetween(client);
                }
            }
        } catch (IOException e) {
            ended.release();
        }
    }

    private void carryBetween(Socket client) throws IOException {
        sockets.add(client);
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            sockets.add(server);
            Thread.ofVirtual().start(() -> carry(client, server, false));
            Thread.ofVirtual().start(() -> carry(server, client, true));
        } catch (IOException e) {
            client.close();
        }
    }

    private void carry(Socket from, Socket to, boolean isAnswer) {
        byte[] buffer = new byte[16 * 1024];
        try (from; to; InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
            for (int count = in.read(buffer, 0, portion(isAnswer)); count >= 0; count = in.read(buffer, 0,
                    portion(isAnswer))) {
                if (isAnswer && mode == Mode.STALL) {
                    // Until the socket is closed from outside.
                    in.transferTo(OutputStream.nullOutputStream());
                    return;
                }
                if (isAnswer && mode == Mode.GARBLE) {
                    buffer[count / 2] ^= 0x55;
                }
                if (isAnswer && carried.addAndGet(count) >= resetAt) {
                    resetAt = Long.MAX_VALUE;
                    from.setSoLinger(true, 0);
                    to.setSoLinger(true, 0);
                    return;
                }
                out.write(buffer, 0, count);
                out.flush();
            }
        } catch (IOException e) {
            // One side ended, and the other does with it.
            return;
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private int portion(boolean isAnswer) {
        return isAnswer && mode == Mode.DRIP ? 100 : 16 * 1024;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        ended.acquireUninterruptibly();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
