package io.tiercel.client;

import io.tiercel.Key;
import io.tiercel.TiercelException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A client of one node. Threadsafe; share one in a process.
 *
 * <p>Every call ends by its deadline, in a value or in a {@link TiercelException}: TIMEOUT when the node lives and
 * did not answer in time, NODE_UNAVAILABLE when it is gone. After a loss the next call connects again, to the same
 * directory or endpoint. A repeat read of a mapped frame asks nobody: it costs neither a message nor an allocation, and
 * yet sees every write and invalidation that was acknowledged before it began.
 *
 * <p>A blocking call polls for its own reply, so that no thread hand-over lies between; a daemon thread polls when
 * nobody waits. Futures complete on whichever thread polls: what is chained to them should be short, or go elsewhere;
 * it may call the client, blocking calls included. Interrupts do not end a blocking call, its deadline does; the
 * interrupt is kept.
 */
public final class TiercelClient implements AutoCloseable {
    private final Context context;
    private final Sessions sessions;
    private final FrameReader reader;
    private final RangeReader ranges;

    private TiercelClient(Context context) {
        this.context = context;
        this.sessions = new Sessions(context);
        this.reader = new FrameReader(sessions);
        this.ranges = new RangeReader(sessions, reader);
    }

    /**
     * Connects to the node that the context names.
     *
     * @throws TiercelException NODE_UNAVAILABLE when none answers, BAD_CONFIGURATION when a setting is bad,
     *         NOT_SUPPORTED when it speaks another version.
     */
    public static TiercelClient connect(Context context) {
        TiercelClient client = new TiercelClient(context.conclude());
        boolean connected = false;
        try {
            client.sessions.start();
            connected = true;
        } finally {
            if (!connected) {
                client.close();
            }
        }
        return client;
    }

    /** The key's frame, open, or null when there is none. Close it. */
    public @Nullable Frame get(Key key) {
        return get(key, context.requestTimeoutNs());
    }

    /** The same with a timeout of its own. */
    public @Nullable Frame get(Key key, long timeoutNs) {
        Frame frame = new Frame();
        return get(key, frame, timeoutNs) ? frame : null;
    }

    /**
     * Opens a closed frame over the key's bytes; false when there are none. A repeat read of a mapped frame allocates
     * nothing.
     *
     * @throws IllegalStateException when {@code into} is open.
     */
    public boolean get(Key key, Frame into) {
        return get(key, into, context.requestTimeoutNs());
    }

    /** The same with a timeout of its own. */
    public boolean get(Key key, Frame into, long timeoutNs) {
        into.requireClosed();
        ReaderRegion region = sessions.region();
        return (region != null && region.tryOpen(key, into)) || ranges.read(key, into, sessions
                .deadlineNs(timeoutNs));
    }

    /**
     * Bytes of an object from an offset on, open, as many as there are up to a length; null when there is no object. Where
     * the whole object is mapped nothing is copied. Behind the object's end the frame is empty and tells its length.
     *
     * @throws TiercelException TOO_LARGE when so many bytes have to be copied that {@link #openStream} is to be used.
     */
    public @Nullable Frame getRange(Key key, long offset, long length) {
        return getRange(key, offset, length, "", context.requestTimeoutNs());
    }

    /**
     * The same of one version.
     *
     * @param ifMatch   entity tag that the object must have, empty for any.
     * @throws TiercelException PRECONDITION_FAILED when it has another.
     */
    public @Nullable Frame getRange(Key key, long offset, long length, String ifMatch, long timeoutNs) {
        return ranges.whole(key, new ByteRange(offset, length, ifMatch), sessions.deadlineNs(timeoutNs));
    }

    /** An object's bytes as a stream, for objects of any length; null when there is none. Close it. */
    public @Nullable ObjectStream openStream(Key key) {
        return openStream(key, 0, Long.MAX_VALUE, context.requestTimeoutNs());
    }

    /**
     * The same of a range.
     *
     * @param timeoutNs of each of the questions that it takes.
     */
    public @Nullable ObjectStream openStream(Key key, long offset, long length, long timeoutNs) {
        return ObjectStream.open(ranges, key, offset, length, timeoutNs);
    }

    /** The key's frame, open, or null when there is none. Whoever takes it from the future closes it. */
    public CompletableFuture<@Nullable Frame> getAsync(Key key) {
        return getAsync(key, context.requestTimeoutNs());
    }

    /** The same with a timeout of its own. */
    public CompletableFuture<@Nullable Frame> getAsync(Key key, long timeoutNs) {
        Frame frame = new Frame();
        ReaderRegion region = sessions.region();
        try {
            return region != null && region.tryOpen(key, frame)
                    ? CompletableFuture.completedFuture(frame)
                    : reader.readAsync(key, frame, timeoutNs);
        } catch (TiercelException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Stores a value. Returns when no read of the key can see the old value any more.
     *
     * @throws TiercelException TOO_LARGE, NO_SPACE, ALREADY_EXISTS, PRECONDITION_FAILED, NOT_SUPPORTED; after
     *         TIMEOUT and NODE_UNAVAILABLE the outcome is unknown: the old value or the new, whole.
     */
    public PutResult put(Key key, DirectBuffer source, int offset, int length, PutOptions options) {
        return sessions.call(new PutCall(sessions.deadlineNs(options.timeoutNs()), key, source, offset, length,
                options));
    }

    /** Stores what lies between the buffer's position and limit, which do not change. */
    public PutResult put(Key key, ByteBuffer source, PutOptions options) {
        return put(key, new UnsafeBuffer(source.slice()), 0, source.remaining(), options);
    }

    /** The same without waiting. The source must not change until the future is complete. */
    public CompletableFuture<PutResult> putAsync(Key key, DirectBuffer source, int offset, int length,
            PutOptions options) {
        return sessions
                .callAsync(new PutCall(sessions.deadlineNs(options.timeoutNs()), key, source, offset, length, options));
    }

    /** The same without waiting. The source must not change until the future is complete. */
    public CompletableFuture<PutResult> putAsync(Key key, ByteBuffer source, PutOptions options) {
        return putAsync(key, new UnsafeBuffer(source.slice()), 0, source.remaining(), options);
    }

    /** What is known of the path, or null when nothing is there. */
    public @Nullable Stat stat(Key key) {
        return sessions.call(new StatCall(sessions.deadlineNs(0L), key));
    }

    public CompletableFuture<@Nullable Stat> statAsync(Key key) {
        return sessions.callAsync(new StatCall(sessions.deadlineNs(0L), key));
    }

    /** Whether the path names a file or folder. */
    public boolean exists(Key key) {
        return stat(key) != null;
    }

    public CompletableFuture<Boolean> existsAsync(Key key) {
        return statAsync(key).thenApply(stat -> stat != null);
    }

    /**
     * What lies under a folder: its children, or everything below it. An empty prefix, or {@code /}, is the root. The
     * first page is here when this returns.
     *
     * @throws TiercelException NOT_FOUND when there is no such folder, NOT_SUPPORTED when its store cannot list.
     */
    public Listing list(String prefix, boolean recursive) {
        return list(prefix, recursive ? ListOptions.RECURSIVE : ListOptions.DIRECT);
    }

    /**
     * The same, as the options have it.
     *
     * @throws TiercelException INVALID_ARGUMENT when the pattern is none; else as {@link #list(String, boolean)}.
     */
    public Listing list(String prefix, ListOptions options) {
        ListPage first = sessions.call(ListCall.open(sessions, prefix, options));
        return new Listing(first, page -> ((ListCall.Page) page).nextBlocking());
    }

    /** The first page of the listing. */
    public CompletableFuture<ListPage> listAsync(String prefix, boolean recursive) {
        return listAsync(prefix, recursive ? ListOptions.RECURSIVE : ListOptions.DIRECT);
    }

    /** The same, as the options have it. */
    public CompletableFuture<ListPage> listAsync(String prefix, ListOptions options) {
        return sessions.callAsync(ListCall.open(sessions, prefix, options));
    }

    /**
     * Counts the files below a folder, a page of its listing at a time: what it costs here does not depend on how many
     * there are.
     *
     * @throws TiercelException NOT_FOUND when there is no such folder, INVALID_KEY when it is a file; a listing's.
     */
    public Totals totals(String prefix) {
        return Totals.under(this, prefix);
    }

    /**
     * Gives an object another key, in its store and here; from one mount to another its bytes are copied, and the source
     * deleted after that. Onto itself nothing happens. Blocks no longer than the timeout; the outcome of a move that took
     * longer is unknown, and at no time is the object at neither key.
     *
     * @param timeoutNs 0 for the client's own.
     * @throws TiercelException INVALID_KEY for a folder, NOT_FOUND for a missing source, ALREADY_EXISTS without
     *         {@code overwrite}, NOT_SUPPORTED where a store cannot or must not.
     */
    public PutResult move(Key from, Key to, boolean overwrite, long timeoutNs) {
        return sessions.call(new MoveCall(sessions.deadlineNs(timeoutNs), from, to, false, overwrite));
    }

    public CompletableFuture<PutResult> moveAsync(Key from, Key to, boolean overwrite, long timeoutNs) {
        return sessions.callAsync(new MoveCall(sessions.deadlineNs(timeoutNs), from, to, false, overwrite));
    }

    /** Makes a second object of one, as {@link #move} has it but that the source stays. */
    public PutResult copy(Key from, Key to, boolean overwrite, long timeoutNs) {
        return sessions.call(new MoveCall(sessions.deadlineNs(timeoutNs), from, to, true, overwrite));
    }

    public CompletableFuture<PutResult> copyAsync(Key from, Key to, boolean overwrite, long timeoutNs) {
        return sessions.callAsync(new MoveCall(sessions.deadlineNs(timeoutNs), from, to, true, overwrite));
    }

    /** Deletes an object in its store and here; false when there was none. */
    public boolean delete(Key key) {
        return sessions.call(DeleteCall.of(sessions, key, false));
    }

    public CompletableFuture<Boolean> deleteAsync(Key key) {
        return sessions.callAsync(DeleteCall.of(sessions, key, false));
    }

    /** Deletes everything at and under a prefix, in its store and here; false when there was nothing. */
    public boolean deleteRecursively(Key prefix) {
        return sessions.call(DeleteCall.of(sessions, prefix, true));
    }

    public CompletableFuture<Boolean> deleteRecursivelyAsync(Key prefix) {
        return sessions.callAsync(DeleteCall.of(sessions, prefix, true));
    }

    /** Drops the key from the cache, not from its store. When this returns no client reads the old frame. */
    public void invalidate(Key key) {
        sessions.call(InvalidateCall.key(sessions, key));
    }

    public CompletableFuture<@Nullable Void> invalidateAsync(Key key) {
        return sessions.callAsync(InvalidateCall.key(sessions, key));
    }

    /** Drops everything at and under a prefix from the cache, at the cost of one key. */
    public void invalidatePrefix(Key prefix) {
        sessions.call(InvalidateCall.prefix(sessions, prefix));
    }

    public CompletableFuture<@Nullable Void> invalidatePrefixAsync(Key prefix) {
        return sessions.callAsync(InvalidateCall.prefix(sessions, prefix));
    }

    /** Drops everything from the cache. */
    public void invalidateAll() {
        sessions.call(InvalidateCall.all(sessions));
    }

    public CompletableFuture<@Nullable Void> invalidateAllAsync() {
        return sessions.callAsync(InvalidateCall.all(sessions));
    }

    /** The node's state as one JSON document. */
    public String status() {
        return sessions.call(new StatusCall(sessions.deadlineNs(0L), null));
    }

    public CompletableFuture<String> statusAsync() {
        return sessions.callAsync(new StatusCall(sessions.deadlineNs(0L), null));
    }

    /**
     * What would answer a read of the key now, as one JSON document: its mount, store and policy, the tier that has it or
     * why none does. Loads nothing.
     */
    public String explain(Key key) {
        return sessions.call(new StatusCall(sessions.deadlineNs(0L), key));
    }

    /** Nanoseconds that one empty round trip to the node's shard took. */
    public long pingNs() {
        return sessions.call(new PingCall(sessions.deadlineNs(0L)));
    }

    public CompletableFuture<Long> pingAsync() {
        return sessions.callAsync(new PingCall(sessions.deadlineNs(0L)));
    }

    /**
     * Receives what came and completes futures on this thread, and returns at once: for callers with a duty cycle of their
     * own, who set {@link Context#polled(boolean)}. Not from a handler that the client runs.
     *
     * @return how much was done, 0 for nothing.
     */
    public int poll() {
        return sessions.poll();
    }

    /** How the node is reached, or was when it was last there. */
    public Mode mode() {
        return sessions.last().mode();
    }

    /** Largest payload that the node takes, in bytes. */
    public long maxFrame() {
        return sessions.last().maxFrame();
    }

    /** What the node calls itself. */
    public String nodeName() {
        return sessions.last().nodeName();
    }

    /**
     * Ends the connection; calls under way fail with NODE_UNAVAILABLE. Frames that are open stay readable until they
     * are closed. A second call does nothing.
     */
    @Override
    public void close() {
        sessions.close();
    }

    /** Settings of a client. Not threadsafe until concluded, which connect does; nothing changes from then on. */
    public static final class Context {
        private static final long DEFAULT_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);

        private @Nullable Path nodeDir;
        private @Nullable String udp;
        private boolean streamed;
        private boolean mustMap;
        private boolean polled;
        private String clientName = "java";
        private long connectTimeoutNs = DEFAULT_TIMEOUT_NS;
        private long requestTimeoutNs = DEFAULT_TIMEOUT_NS;
        private long livenessTimeoutNs = TimeUnit.SECONDS.toNanos(2);
        private int nearCacheEntries = 1 << 16;
        private int maxInFlight = 1024;
        private int maxMappings = 4096;
        private int maxStreamedFrame = 1 << 30;
        private @Nullable Path driverParentDir;
        private Consumer<Throwable> errorHandler = error -> {};
        private boolean concluded;

        /** Directory of a node on this host; or name a {@link #udp(String)} endpoint. */
        public Context nodeDir(Path value) {
            requireOpen();
            nodeDir = value;
            return this;
        }

        public @Nullable Path nodeDir() {
            return nodeDir;
        }

        /** {@code HOST:PORT} of a node anywhere; or name a {@link #nodeDir(Path)}. */
        public Context udp(String value) {
            requireOpen();
            udp = value;
            return this;
        }

        public @Nullable String udp() {
            return udp;
        }

        /** Whether frames are copied to this process though they could be mapped. Default false. */
        public Context streamed(boolean value) {
            requireOpen();
            streamed = value;
            return this;
        }

        public boolean streamed() {
            return streamed;
        }

        /**
         * Whether the caller calls {@link TiercelClient#poll()} often: then no thread is woken for a future, and it completes
         * in a poll, or in a blocking call of any thread. Default false: the client's own thread sees to them.
         */
        public Context polled(boolean value) {
            requireOpen();
            polled = value;
            return this;
        }

        public boolean polled() {
            return polled;
        }

        /**
         * Whether frames must be read where they lie: then a node that offers no mapped access, or whose files cannot be
         * opened here, is refused with OVERLOADED instead of having frames copied. Default false.
         */
        public Context mustMap(boolean value) {
            requireOpen();
            mustMap = value;
            return this;
        }

        public boolean mustMap() {
            return mustMap;
        }

        /** What the node calls this client in its status; at most 64 characters. Default {@code java}. */
        public Context clientName(String value) {
            requireOpen();
            clientName = value;
            return this;
        }

        public String clientName() {
            return clientName;
        }

        /** How long one attempt to connect may take. Default 5 s. */
        public Context connectTimeoutNs(long value) {
            requireOpen();
            connectTimeoutNs = value;
            return this;
        }

        public long connectTimeoutNs() {
            return connectTimeoutNs;
        }

        /** How long a call may take that names no timeout of its own. Default 5 s. */
        public Context requestTimeoutNs(long value) {
            requireOpen();
            requestTimeoutNs = value;
            return this;
        }

        public long requestTimeoutNs() {
            return requestTimeoutNs;
        }

        /** Silence after which the node counts as gone. Default 2 s, at least 100 ms. */
        public Context livenessTimeoutNs(long value) {
            requireOpen();
            livenessTimeoutNs = value;
            return this;
        }

        public long livenessTimeoutNs() {
            return livenessTimeoutNs;
        }

        /** Frames whose place is remembered for repeat reads: a power of two, or 0. Default 65,536. */
        public Context nearCacheEntries(int value) {
            requireOpen();
            nearCacheEntries = value;
            return this;
        }

        public int nearCacheEntries() {
            return nearCacheEntries;
        }

        /** Calls that may wait for the node at a time; one more is OVERLOADED. Default 1,024, at most 65,536. */
        public Context maxInFlight(int value) {
            requireOpen();
            maxInFlight = value;
            return this;
        }

        public int maxInFlight() {
            return maxInFlight;
        }

        /** Segment files mapped at a time; past it frames are copied. Default 4,096. */
        public Context maxMappings(int value) {
            requireOpen();
            maxMappings = value;
            return this;
        }

        public int maxMappings() {
            return maxMappings;
        }

        /** Largest frame that is copied to this process, bytes; a larger one is TOO_LARGE. Default 1 GiB. */
        public Context maxStreamedFrame(int value) {
            requireOpen();
            maxStreamedFrame = value;
            return this;
        }

        public int maxStreamedFrame() {
            return maxStreamedFrame;
        }

        /**
         * Folder in which a UDP client's media driver makes its own, which close deletes. Default /dev/shm where it
         * has room, else the temporary folder.
         */
        public Context driverParentDir(Path value) {
            requireOpen();
            driverParentDir = value;
            return this;
        }

        public @Nullable Path driverParentDir() {
            return driverParentDir;
        }

        /** Told of troubles that no call can report. Called on any thread; must not block. Default: nobody. */
        public Context errorHandler(Consumer<Throwable> value) {
            requireOpen();
            errorHandler = value;
            return this;
        }

        public Consumer<Throwable> errorHandler() {
            return errorHandler;
        }

        /**
         * Checks all settings. A second call does nothing.
         *
         * @throws TiercelException with BAD_CONFIGURATION, naming the setting and its value.
         */
        public Context conclude() {
            if (!concluded) {
                ContextRules.check(this);
                concluded = true;
            }
            return this;
        }

        private void requireOpen() {
            if (concluded) {
                throw new IllegalStateException("context is concluded: its settings no longer change");
            }
        }
    }
}
