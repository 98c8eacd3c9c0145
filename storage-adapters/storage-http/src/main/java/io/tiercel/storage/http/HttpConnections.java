package io.tiercel.storage.http;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Connections at rest, of all stores with one configuration, and the making of new ones. Threadsafe.
 *
 * <p>A host's name is resolved here, its addresses are checked here, and one of those that passed is connected to: nobody
 * resolves the name again. Connections in use belong to who has them.
 */
final class HttpConnections implements AutoCloseable {
    private static final int MAX_IDLE = 32;
    private static final int MAX_ADDRESSES = 4;
    private static final long MAX_IDLE_NS = TimeUnit.SECONDS.toNanos(30);
    /** Shorter: that the server ended TLS shows only in the next answer. */
    private static final long MAX_SECURE_IDLE_NS = TimeUnit.SECONDS.toNanos(4);

    private final int timeoutMs;
    private final boolean allowPrivate;
    private final SSLSocketFactory tls;
    private final Deque<Idle> idle = new ArrayDeque<>();
    private boolean closed;

    HttpConnections(int timeoutMs, boolean allowPrivate, SSLSocketFactory tls) {
        this.timeoutMs = timeoutMs;
        this.allowPrivate = allowPrivate;
        this.tls = tls;
    }

    /** A connection at rest and whom it leads to. */
    private record Idle(Target server, HttpConnection connection) {}

    /**
     * A connection to the target's server, for one request.
     *
     * @throws RefusedAddressException when the host has private addresses alone, and these are not allowed.
     */
    HttpConnection acquire(Target target) throws IOException {
        for (HttpConnection resting = takeIdle(target); resting != null; resting = takeIdle(target)) {
            if (resting.isUsable()) {
                return resting;
            }
            resting.close();
        }
        return connect(target);
    }

    void release(Target server, HttpConnection connection) {
        List<HttpConnection> surplus = new ArrayList<>();
        synchronized (this) {
            if (closed) {
                surplus.add(connection);
            } else {
                connection.rest(System.nanoTime());
                idle.addLast(new Idle(server, connection));
                if (idle.size() > MAX_IDLE) {
                    surplus.add(idle.removeFirst().connection());
                }
            }
        }
        surplus.forEach(HttpConnection::close);
    }

    /** Connections at rest now. */
    synchronized int idleCount() {
        return idle.size();
    }

    /** Closes those at rest; those in use are closed when they come back. */
    @Override
    public void close() {
        List<Idle> all;
        synchronized (this) {
            closed = true;
            all = new ArrayList<>(idle);
            idle.clear();
        }
        all.forEach(one -> one.connection().close());
    }

    /** The one used last; those that rest too long go. */
    private @Nullable HttpConnection takeIdle(Target target) {
        List<HttpConnection> old = new ArrayList<>();
        HttpConnection taken = null;
        long nowNs = System.nanoTime();
        synchronized (this) {
            for (Iterator<Idle> all = idle.descendingIterator(); all.hasNext();) {
                Idle one = all.next();
                long mostNs = one.server().isSecure() ? MAX_SECURE_IDLE_NS : MAX_IDLE_NS;
                if (nowNs - one.connection().idleSinceNs() > mostNs) {
                    old.add(one.connection());
                    all.remove();
                } else if (taken == null && one.server().isSameServer(target)) {
                    taken = one.connection();
                    all.remove();
                }
            }
        }
        old.forEach(HttpConnection::close);
        return taken;
    }

    private HttpConnection connect(Target target) throws IOException {
        IOException failure = null;
        int tried = 0;
        for (InetAddress address : InetAddress.getAllByName(target.bareHost())) {
            if (!allowPrivate && !AddressRule.isPublic(address)) {
                continue;
            }
            if (tried++ == MAX_ADDRESSES) {
                break;
            }
            try {
                return HttpConnection.open(address, target, timeoutMs, tls);
            } catch (IOException e) {
                failure = e;
                if (Thread.currentThread().isInterrupted()) {
                    break;
                }
            }
        }
        throw failure == null ? new RefusedAddressException() : failure;
    }
}
