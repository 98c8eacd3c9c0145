package io.tiercel.storage.contract.fault;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Stands on a free loopback port before a server, counts what passes, and plays the faults it is told to. Threadsafe; what
 * it is told holds for the requests and connections from then on. Everything it opened is closed with it.
 *
 * <p>In HTTP (1.1, without TLS) a fault meets a request. Raw, it meets a connection, one already open too: then at its next
 * bytes, with the counting of bytes begun anew.
 */
public final class FaultProxy implements AutoCloseable {
    private static final int BACKLOG = 128;
    private static final long PORT_PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long PORT_POLL_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private final boolean isHttp;
    private final InetSocketAddress server;
    private final int port;
    private final Tally tally = new Tally();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile FaultScript script = new FaultScript(request -> true, List.of());
    private @Nullable ServerSocket listener;
    /** Has the port, and listens to nobody, while connections are refused. */
    private @Nullable Socket placeholder;
    private boolean closed;

    private FaultProxy(boolean isHttp, InetSocketAddress server) {
        this.isHttp = isHttp;
        this.server = server;
        this.port = listen(0);
    }

    /** Before an HTTP server. */
    public static FaultProxy http(InetSocketAddress server) {
        return new FaultProxy(true, server);
    }

    /** Before an HTTP server on a loopback port. */
    public static FaultProxy http(int serverPort) {
        return http(new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort));
    }

    /** Before a server of any protocol. */
    public static FaultProxy raw(InetSocketAddress server) {
        return new FaultProxy(false, server);
    }

    /** Before a server of any protocol on a loopback port. */
    public static FaultProxy raw(int serverPort) {
        return raw(new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort));
    }

    /** Stays the same for life, on the loopback address. */
    public int port() {
        return port;
    }

    /**
     * From now on the n-th request (raw: connection) meets the n-th fault, and all later ones the last: end with
     * {@link Fault#none} what is to pass again.
     *
     * @throws IllegalArgumentException when a fault is one of HTTP, and the proxy is not.
     */
    public void fail(Fault... faults) {
        failWhere(request -> true, faults);
    }

    /**
     * The same for certain requests alone.
     *
     * @param whom told method and target, as {@code GET /a/b?c=d}.
     */
    public void failWhere(Predicate<String> whom, Fault... faults) {
        for (Fault fault : faults) {
            if (!isHttp && !fault.isRaw()) {
                throw new IllegalArgumentException("this fault is one of HTTP, and the proxy is raw");
            }
        }
        script = new FaultScript(whom, List.of(faults));
        reopen();
    }

    /** From now on everything passes. */
    public void pass() {
        fail();
    }

    /** Resets all connections and refuses new ones, as a server that is down, until the next {@link #fail} or {@link #pass}. */
    public synchronized void refuse() {
        ServerSocket open = listener;
        if (open == null) {
            return;
        }
        listener = null;
        closeQuietly(open);
        resetAll();
        placeholder = withPort(() -> {
            Socket held = new Socket();
            held.setReuseAddress(true);
            held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return held;
        });
    }

    /** Resets the connections that are open; new ones come through. */
    public void resetAll() {
        for (Link link : links) {
            try {
                link.reset();
            } catch (IOException e) {
                // Its client was quicker.
                closeQuietly(link);
            }
        }
    }

    /** Each request since the start, or since {@link #clearCounts}: method and target, as {@code GET /a/b?c=d}. */
    public List<String> requests() {
        return tally.requests();
    }

    public int requestCount() {
        return tally.requests().size();
    }

    /** Connections that clients opened since the start, or since {@link #clearCounts}. */
    public int connectionCount() {
        return tally.connections();
    }

    /** Connections that are open now. */
    public int openConnectionCount() {
        return links.size();
    }

    /** Bytes of bodies (raw: all bytes) that were passed on to clients. */
    public long byteCount() {
        return tally.bytes();
    }

    public void clearCounts() {
        tally.clear();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            closeQuietly(listener);
            closeQuietly(placeholder);
            listener = null;
            placeholder = null;
        }
        links.forEach(FaultProxy::closeQuietly);
        threads.shutdownNow();
        threads.close();
    }

    private synchronized void reopen() {
        if (listener == null && !closed) {
            closeQuietly(placeholder);
            placeholder = null;
            listen(port);
        }
    }

    private synchronized int listen(int wanted) {
        ServerSocket open = withPort(() -> {
            ServerSocket bound = new ServerSocket();
            bound.setReuseAddress(true);
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), BACKLOG);
            return bound;
        });
        listener = open;
        threads.execute(() -> acceptAll(open));
        return open.getLocalPort();
    }

    /** Takes a port that a socket closed just now may still have: the system frees it when the last call on it is over. */
    private static <S> S withPort(Callable<S> binding) {
        long deadlineNs = System.nanoTime() + PORT_PATIENCE_NS;
        while (true) {
            try {
                return binding.call();
            } catch (BindException e) {
                if (System.nanoTime() - deadlineNs > 0) {
                    throw new UncheckedIOException(e);
                }
                LockSupport.parkNanos(PORT_POLL_NS);
            } catch (Exception e) {
                throw new IllegalStateException("no port for the proxy", e);
            }
        }
    }

    private void acceptAll(ServerSocket open) {
        try {
            while (true) {
                Socket client = open.accept();
                tally.addConnection();
                Link link = new Link(client, server);
                links.add(link);
                begin(link, open);
            }
        } catch (IOException e) {
            // The listener was closed: that is how this thread ends.
            return;
        }
    }

    private void begin(Link link, ServerSocket open) {
        try {
            if (open.isClosed()) {
                link.reset();
            }
            threads.execute(() -> serve(link));
        } catch (IOException | RejectedExecutionException e) {
            // It came as the proxy was closed.
            drop(link);
        }
    }

    private void serve(Link link) {
        try {
            link.client().setTcpNoDelay(true);
            if (isHttp) {
                new HttpLink(link, request -> script.next(request), tally).run();
            } else {
                serveRaw(link);
            }
        } catch (IOException | NumberFormatException e) {
            // One of the two sides ended it, or spoke no HTTP: the other sees the end below.
            return;
        } finally {
            drop(link);
        }
    }

    private void serveRaw(Link link) throws IOException {
        RawLink raw = new RawLink(link, () -> script, tally);
        if (raw.begin()) {
            link.server();
            threads.execute(() -> {
                try {
                    raw.passRequests();
                } catch (IOException e) {
                    closeQuietly(link);
                }
            });
            raw.passAnswers();
        }
    }

    private void drop(Link link) {
        closeQuietly(link);
        links.remove(link);
    }

    private static void closeQuietly(@Nullable Closeable open) {
        try (open) {
            return;
        } catch (IOException e) {
            // What is closed need not say goodbye.
            return;
        }
    }
}
