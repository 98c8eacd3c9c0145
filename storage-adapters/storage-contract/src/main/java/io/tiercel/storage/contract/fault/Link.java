package io.tiercel.storage.contract.fault;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** The two sockets of one client's connection: from the client, and on to the server once one is needed. */
final class Link implements Closeable {
    private static final int CONNECT_TIMEOUT_MS = 10_000;

    private final Socket client;
    private final SocketAddress address;
    private @Nullable Socket server;
    private boolean closed;

    Link(Socket client, SocketAddress address) {
        this.client = client;
        this.address = address;
    }

    Socket client() {
        return client;
    }

    Socket server() throws IOException {
        Socket open;
        synchronized (this) {
            if (server != null) {
                return server;
            }
            if (closed) {
                throw new IOException("the proxy was closed");
            }
            open = new Socket();
            server = open;
        }
        open.connect(address, CONNECT_TIMEOUT_MS);
        open.setTcpNoDelay(true);
        return open;
    }

    /** Does what a fault ends with; gives whether the connection goes on. */
    boolean finish(Fault.End end) throws IOException {
        switch (end) {
            case KEEP -> {
                return true;
            }
            case CLOSE -> close();
            case RESET -> reset();
            case STALL -> swallow(client.getInputStream());
        }
        return false;
    }

    /** Takes what comes and says nothing, until the other side or the proxy closes. */
    static void swallow(InputStream in) throws IOException {
        byte[] portion = new byte[4096];
        while (in.read(portion) >= 0) {
            // Nobody wants it.
        }
    }

    /** Closes the client's side with RST. */
    void reset() throws IOException {
        client.setSoLinger(true, 0);
        close();
    }

    @Override
    public void close() throws IOException {
        Socket open;
        synchronized (this) {
            closed = true;
            open = server;
        }
        try (open) {
            client.close();
        }
    }
}
