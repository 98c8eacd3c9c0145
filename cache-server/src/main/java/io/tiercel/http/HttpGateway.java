package io.tiercel.http;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.metrics.HttpMetrics;
import io.tiercel.shard.Commands;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's HTTP server. It serves from {@link #start} until {@link #close}, which must come before the end of the
 * shard behind it. Threadsafe.
 */
public final class HttpGateway implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(HttpGateway.class);

    /** Room for a key of the longest kind with every byte escaped, beside the fields that browsers send. */
    private static final int REQUEST_HEADER_LENGTH = 16 * 1024;
    private static final int BUFFER_LENGTH = 32 * 1024;
    private static final long POOLED_LENGTH = 16L * 1024 * 1024;
    private static final int MIN_THREADS = 2;
    private static final int ACCEPTORS = 1;
    private static final long TICK_MS = 500;

    private final Server server;
    private final ServerConnector connector;
    private final Context context;

    private HttpGateway(Context context) {
        this.context = context;
        QueuedThreadPool threads = new QueuedThreadPool(context.maxThreads() + ACCEPTORS, MIN_THREADS + ACCEPTORS);
        threads.setName("tiercel-http");
        threads.setReservedThreads(1);
        this.server = new Server(threads, new ScheduledExecutorScheduler("tiercel-http-clock", false, 1),
                new ArrayByteBufferPool(0, 4096, 64 * 1024, Integer.MAX_VALUE, POOLED_LENGTH, POOLED_LENGTH));
        this.connector = new PatientConnector(server, new HttpConnectionFactory(configuration(context)));
        connector.setHost(context.host());
        connector.setPort(context.port());
        connector.setIdleTimeout(context.idleTimeoutMs());
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(context.maxConnections(), connector));
        server.setErrorHandler(new ProblemErrorHandler());
        server.setHandler(new GracefulHandler(new ApiHandler(context)));
        server.setStopTimeout(context.drainDeadlineMs());
    }

    /**
     * Has Jetty's classes, and those of the metrics, ready before they are needed: some ask the JVM for all its beans and
     * locales as they load, which takes longer than the rest of a gateway's start. Any thread, at any time; leaves nothing
     * running.
     */
    public static void preload() {
        HttpMetrics _ = new HttpMetrics();
        Server server = new Server(new QueuedThreadPool(), new ScheduledExecutorScheduler(), new ArrayByteBufferPool());
        server.addConnector(new ServerConnector(server, 0, 1, new HttpConnectionFactory()));
    }

    /**
     * Binds and serves.
     *
     * @throws TiercelException with NODE_UNAVAILABLE when the port is taken, BAD_CONFIGURATION when the address cannot
     *                          be bound at all, NO_SPACE when there is no room to spool.
     */
    public static HttpGateway start(Context context) {
        context.conclude();
        try {
            SpoolBudget.prepare(context.spoolDir());
        } catch (IOException e) {
            throw new TiercelException(ErrorCode.NO_SPACE, "cannot spool in " + context.spoolDir() + ": " + e, e);
        }
        HttpGateway gateway = new HttpGateway(context);
        try {
            gateway.server.start();
            gateway.tick();
        } catch (Exception e) {
            gateway.stop();
            throw gateway.unbound(e);
        }
        return gateway;
    }

    /**
     * Keeps a task at the head of the clock's queue: each request's time limits lie behind it, where they wake no thread
     * as they come and go. Ends with the server, whose clock takes no more tasks then.
     */
    private void tick() {
        Scheduler.Task _ = server.getScheduler().schedule(this::tick, TICK_MS, TimeUnit.MILLISECONDS);
    }

    /** Host as configured, and the port that is bound: what a client is to be told. */
    public String address() {
        String host = context.host();
        return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + connector.getLocalPort();
    }

    /** Port that is bound. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Takes no more requests, lets those under way end until the drain deadline, then cuts them. Idempotent. */
    @Override
    public void close() {
        stop();
    }

    private void stop() {
        try {
            server.stop();
        } catch (TimeoutException e) {
            LOGGER.warn("http: requests were cut after drainDeadlineMs={}", context.drainDeadlineMs());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOGGER.error("http: did not stop cleanly", e);
        }
    }

    private TiercelException unbound(Exception failure) {
        String bind = "http.bind=" + context.bind();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof BindException && message.contains("in use")) {
                return new TiercelException(ErrorCode.NODE_UNAVAILABLE,
                        "port taken: " + bind + "; choose another, or port 0 for any that is free", failure);
            }
        }
        return new TiercelException(ErrorCode.BAD_CONFIGURATION, "cannot bind " + bind + ": " + failure.getMessage(),
                failure);
    }

    private static HttpConfiguration configuration(Context context) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        // What a path means is for the key to say: nothing is refused or normalised before it gets there.
        http.setUriCompliance(UriCompliance.UNSAFE);
        http.setRequestHeaderSize(REQUEST_HEADER_LENGTH);
        http.setInputBufferSize(BUFFER_LENGTH);
        http.setOutputBufferSize(BUFFER_LENGTH);
        http.setIdleTimeout(context.idleTimeoutMs());
        return http;
    }

    /** Settings of a gateway; after {@link #conclude} nothing changes. Not threadsafe before, threadsafe after. */
    public static final class Context {
        private static final int MAX_PORT = 65_535;

        private String bind = "127.0.0.1:8741";
        private @Nullable Commands commands;
        private @Nullable Path spoolDir;
        private long maxFrame;
        private long requestTimeoutMs = TimeUnit.SECONDS.toMillis(30);
        private long idleTimeoutMs = TimeUnit.SECONDS.toMillis(30);
        private long drainDeadlineMs = TimeUnit.SECONDS.toMillis(30);
        private long minRate = 16 * 1024;
        private int maxConnections = 1024;
        private int maxThreads = 8;
        private BooleanSupplier isReady = () -> true;
        private Consumer<Error> onFatal = _ -> {};
        private Supplier<String> reload = () -> {
            throw new TiercelException(ErrorCode.NOT_SUPPORTED, "nothing here can be reloaded");
        };
        private HttpMetrics metrics = new HttpMetrics();
        private InetSocketAddress address = new InetSocketAddress(0);
        private boolean isConcluded;

        /** HOST:PORT; an IPv6 address in brackets; port 0 takes a free one. */
        public Context bind(String hostAndPort) {
            changing().bind = hostAndPort;
            return this;
        }

        public String bind() {
            return bind;
        }

        /** The shard; no default. */
        public Context commands(Commands shard) {
            changing().commands = shard;
            return this;
        }

        public Commands commands() {
            return Objects.requireNonNull(commands);
        }

        /** Where bodies of unknown length wait; no default. Made when it is missing. */
        public Context spoolDir(Path dir) {
            changing().spoolDir = dir;
            return this;
        }

        public Path spoolDir() {
            return Objects.requireNonNull(spoolDir);
        }

        /** Largest payload that the node takes, in bytes; no default. */
        public Context maxFrame(long length) {
            changing().maxFrame = length;
            return this;
        }

        public long maxFrame() {
            return maxFrame;
        }

        /** Deadline of every command to the shard. */
        public Context requestTimeoutMs(long timeoutMs) {
            changing().requestTimeoutMs = timeoutMs;
            return this;
        }

        public long requestTimeoutMs() {
            return requestTimeoutMs;
        }

        /** Silence of a client, in the middle of a body or between requests, after which its connection is cut. */
        public Context idleTimeoutMs(long timeoutMs) {
            changing().idleTimeoutMs = timeoutMs;
            return this;
        }

        public long idleTimeoutMs() {
            return idleTimeoutMs;
        }

        /** How long {@link HttpGateway#close} waits for requests under way; 0 cuts them at once. */
        public Context drainDeadlineMs(long deadlineMs) {
            changing().drainDeadlineMs = deadlineMs;
            return this;
        }

        public long drainDeadlineMs() {
            return drainDeadlineMs;
        }

        /** Bytes a second that a body must make on the whole, in or out, beyond one idle timeout. */
        public Context minRate(long bytesPerSecond) {
            changing().minRate = bytesPerSecond;
            return this;
        }

        public long minRate() {
            return minRate;
        }

        /** Connections beyond these wait to be accepted. */
        public Context maxConnections(int count) {
            changing().maxConnections = count;
            return this;
        }

        public int maxConnections() {
            return maxConnections;
        }

        public Context maxThreads(int count) {
            changing().maxThreads = count;
            return this;
        }

        public int maxThreads() {
            return maxThreads;
        }

        /** Asked at each {@code /health/ready}, on any thread; must not block. Default: always. */
        public Context isReady(BooleanSupplier supplier) {
            changing().isReady = supplier;
            return this;
        }

        public BooleanSupplier isReady() {
            return isReady;
        }

        /**
         * Takes on changed settings and tells what changed, as JSON; on a thread of its own, and may block. Default: it is
         * refused.
         */
        public Context reload(Supplier<String> reloader) {
            changing().reload = reloader;
            return this;
        }

        public Supplier<String> reload() {
            return reload;
        }

        /** Told of an error after which the process cannot be trusted, before it goes on up the thread's stack. */
        public Context onFatal(Consumer<Error> listener) {
            changing().onFatal = listener;
            return this;
        }

        public Consumer<Error> onFatal() {
            return onFatal;
        }

        /** Counters, which may be shown elsewhere as well. */
        public Context metrics(HttpMetrics counters) {
            changing().metrics = counters;
            return this;
        }

        public HttpMetrics metrics() {
            return metrics;
        }

        /**
         * Checks everything.
         *
         * @throws TiercelException with BAD_CONFIGURATION, naming setting and value.
         */
        public Context conclude() {
            if (isConcluded) {
                return this;
            }
            Objects.requireNonNull(commands, "commands");
            Objects.requireNonNull(spoolDir, "spoolDir");
            address = parse(bind);
            require(maxFrame > 0, "maxFrame", maxFrame, "more than 0");
            require(requestTimeoutMs > 0, "requestTimeoutMs", requestTimeoutMs, "more than 0");
            require(idleTimeoutMs > 0, "idleTimeoutMs", idleTimeoutMs, "more than 0");
            require(drainDeadlineMs >= 0, "drainDeadlineMs", drainDeadlineMs, "0 or more");
            require(minRate > 0, "minRate", minRate, "more than 0");
            require(maxConnections > 0, "maxConnections", maxConnections, "more than 0");
            require(maxThreads >= 4, "maxThreads", maxThreads, "4 or more");
            isConcluded = true;
            return this;
        }

        String host() {
            return address.getHostString();
        }

        int port() {
            return address.getPort();
        }

        private Context changing() {
            if (isConcluded) {
                throw new IllegalStateException("concluded: settings no longer change");
            }
            return this;
        }

        private static InetSocketAddress parse(String bind) {
            int colon = bind.lastIndexOf(':');
            String host = colon < 0 ? "" : bind.substring(0, colon);
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            } else if (host.indexOf(':') >= 0) {
                host = "";
            }
            int port = portOf(bind.substring(colon + 1));
            if (host.isBlank() || port < 0) {
                throw new TiercelException(ErrorCode.BAD_CONFIGURATION,
                        "http.bind=" + bind + ": expected HOST:PORT, an IPv6 address in brackets");
            }
            return InetSocketAddress.createUnresolved(host, port);
        }

        private static int portOf(String text) {
            if (!text.matches("[0-9]{1,5}")) {
                return -1;
            }
            int port = Integer.parseInt(text);
            return port <= MAX_PORT ? port : -1;
        }

        private static void require(boolean holds, String name, long value, String expected) {
            if (!holds) {
                throw new TiercelException(ErrorCode.BAD_CONFIGURATION,
                        name + "=" + value + ": expected " + expected);
            }
        }
    }
}
