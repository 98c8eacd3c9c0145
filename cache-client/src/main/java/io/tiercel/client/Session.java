package io.tiercel.client;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one incarnation of a node, from hello to loss; it never comes back, its successor is another
 * object. Threadsafe; what says so runs under the poll lock.
 *
 * <p>It is lost once: then every call under way fails with the reason, new ones are refused, the mapped region takes
 * no more leases, and {@link #dispose()} frees the transport when nobody polls.
 */
final class Session implements Poller.Duty {
    private static final int FRAGMENT_LIMIT = 64;
    private static final long CHECK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int FAREWELL_TURNS = 20;

    private final String target;
    private final AeronTransport transport;
    private final RequestSender sender;
    private final ReplyReceiver receiver;
    private final CallTable calls;
    private final Outbox outbox = new Outbox();
    private final Poller poller;
    private final Completions completions;
    private final @Nullable NodeWatch watch;
    private final Runnable waker;
    private final AtomicReference<@Nullable Failure> loss = new AtomicReference<>();
    private final AtomicReference<@Nullable AeronTransport> toDispose;

    // Set once, before the session is handed out.
    private Mode mode;
    private long maxFrame = Long.MAX_VALUE;
    private long keepAliveNs = Long.MAX_VALUE;
    private String nodeName = "";
    private @Nullable ReaderRegion region;

    // Of the thread that keeps house.
    private long lastSent;
    private long lastSentNs = System.nanoTime();

    // Under the poll lock.
    private long checkDueNs = System.nanoTime();

    /**
     * @param target the node in words.
     * @param watch of a node on this host, else null.
     * @param waker called when something waits to be polled that no thread waits for.
     */
    Session(TiercelClient.Context context, String target, Mode mode, AeronTransport transport, int chunkLength,
            @Nullable NodeWatch watch, Completions completions, Runnable waker) {
        this.target = target;
        this.mode = mode;
        this.transport = transport;
        this.watch = watch;
        this.completions = completions;
        this.waker = waker;
        this.toDispose = new AtomicReference<>(transport);
        this.calls = new CallTable(context.maxInFlight());
        this.sender = new RequestSender(transport.publication(), chunkLength);
        this.receiver = new ReplyReceiver(calls,
                (code, message) -> lose("it closed the session: " + message + " (" + code + ")", null),
                context.errorHandler());
        this.poller = new Poller(calls, this);
    }

    /** Takes the node's terms: what the session is from here on. */
    void establish(HelloCall.Welcome welcome, Mode agreed, @Nullable ReaderRegion mapped) {
        maxFrame = welcome.maxFrame();
        keepAliveNs = TimeUnit.MILLISECONDS.toNanos(Math.max(30, welcome.keepAliveMs()) / 3);
        nodeName = welcome.nodeName();
        mode = agreed;
        region = mapped;
    }

    Mode mode() {
        return mode;
    }

    long maxFrame() {
        return maxFrame;
    }

    String nodeName() {
        return nodeName;
    }

    /** Of a mapped session, else null. */
    @Nullable
    ReaderRegion region() {
        return region;
    }

    boolean isLost() {
        return loss.get() != null;
    }

    /**
     * Sends a request and waits for what it amounts to.
     *
     * @throws TiercelException when it fails.
     */
    @SuppressWarnings("TypeParameterUnusedInFormals") // the call says what it amounts to
    <T extends @Nullable Object> T call(Call<T> call) {
        submit(call);
        poller.await(call);
        return call.result();
    }

    /** Sends a request; the future tells what it amounts to, or why it failed. Cancelling it abandons the call. */
    <T extends @Nullable Object> CompletableFuture<T> callAsync(Call<T> call) {
        CallFuture<T> future = new CallFuture<>(call);
        submitAsync(call, future);
        return future;
    }

    /** Sends a request whose listener hears what it amounts to, or why it failed, also when it cannot be sent. */
    <T extends @Nullable Object> void submitAsync(Call<T> call, Call.Listener<T> listener) {
        call.listener(listener);
        try {
            submit(call);
        } catch (TiercelException e) {
            listener.onFailure(e);
            return;
        }
        waker.run();
        // Whoever cancelled it a moment ago may have found no session to tell.
        if (listener.isCancelled()) {
            abandon(call);
        }
    }

    private void submit(Call<?> call) {
        call.requireAllowed(maxFrame);
        if (!calls.tryClaim(this, call)) {
            throw new TiercelException(ErrorCode.OVERLOADED,
                    call.what() + " is refused: too many calls wait for the node: maxInFlight=" + calls.maxInFlight());
        }
        Failure lost = loss.get();
        if (lost != null) {
            calls.release(call);
            throw lost.toException();
        }
        try {
            if (!call.trySend(sender)) {
                enqueue(call);
            }
        } catch (TiercelException e) {
            calls.release(call);
            lose(e.getMessage(), e);
            throw lossOf(call).toException();
        }
    }

    /** Has the polling thread send what is left of a call. */
    void enqueue(Call<?> call) {
        outbox.add(call);
    }

    /** Has the polling thread send a message that nobody waits for. */
    void notify(Outbox.Notice notice) {
        if (!isLost()) {
            outbox.add(notice);
        }
    }

    /** Ends a call that nobody waits for any more. */
    void abandon(Call<?> call) {
        if (call.fail(Failure.of(ErrorCode.TIMEOUT, call.what() + " was given up"))) {
            cancelAtNode(call);
        }
    }

    /** Tells the node that the reply is not wanted. */
    void cancelAtNode(Call<?> call) {
        if (call.isCancellable()) {
            long correlationId = call.correlationId();
            notify(out -> out.cancel(correlationId));
        }
    }

    /** A call of this session has its outcome. */
    void ended(Call<?> call) {
        calls.release(call);
        if (call.isAsync()) {
            completions.add(call);
        }
    }

    @Override
    public int turn(long nowNs) {
        if (isLost()) {
            return 0;
        }
        try {
            int work = transport.work(nowNs, false);
            work += transport.subscription().poll(receiver, FRAGMENT_LIMIT);
            work += outbox.flush(sender);
            if (nowNs - checkDueNs >= 0L) {
                checkDueNs = nowNs + CHECK_INTERVAL_NS;
                check(nowNs);
            }
            return work;
        } catch (RuntimeException e) {
            lose(String.valueOf(e.getMessage()), e);
            return 1;
        }
    }

    private void check(long nowNs) {
        String reason = watch == null ? "" : watch.goneBecause(nowNs);
        if (reason.isEmpty() && !transport.isAlive()) {
            reason = "the media driver is gone";
        }
        if (reason.isEmpty() && !(sender.isConnected() && isAnswering())) {
            reason = "the connection is lost";
        }
        if (!reason.isEmpty()) {
            lose(reason, null);
        }
    }

    /** Before the welcome nothing answers yet. */
    private boolean isAnswering() {
        return keepAliveNs == Long.MAX_VALUE || transport.subscription().isConnected();
    }

    @Override
    public void expire(Call<?> call) {
        String reason = watch == null ? "" : watch.goneBecause(System.nanoTime());
        if (!reason.isEmpty()) {
            lose(reason, null);
        } else if (call.fail(Failure.of(ErrorCode.TIMEOUT, call.what() + " got no answer in time from " + target))) {
            cancelAtNode(call);
        }
    }

    @Override
    public int runCompletions() {
        return completions.run();
    }

    /** About now, and not later. Any thread. */
    long lateNowNs() {
        return poller.nowNs();
    }

    /** One turn if no other caller polls; answers how much was done, or -1 when somebody does. */
    int tryTurn(long nowNs) {
        return poller.tryTurn(nowNs);
    }

    /** What nobody waits for: one turn if no caller polls, deadlines, a sign of life. Answers as tryTurn does. */
    int housekeep(long nowNs) {
        int work = poller.tryTurn(nowNs);
        calls.forEach(call -> {
            if (nowNs - call.deadlineNs() >= 0L) {
                expire(call);
            }
        });
        long sent = sender.sent();
        if (sent != lastSent) {
            lastSent = sent;
            lastSentNs = nowNs;
        }
        if (nowNs - lastSentNs > keepAliveNs && !isLost()) {
            try {
                sender.keepAlive();
            } catch (TiercelException e) {
                lose(e.getMessage(), e);
            }
        }
        return work;
    }

    /** Whether something waits for a reply or to be sent. */
    boolean isBusy() {
        return calls.size() > 0 || !outbox.isEmpty();
    }

    /** Ends the session: every call under way fails. Answers false when it was over before. */
    boolean lose(@Nullable String reason, @Nullable Throwable cause) {
        Failure failure = new Failure(ErrorCode.NODE_UNAVAILABLE, target + " is gone: " + reason, 0, cause);
        if (!loss.compareAndSet(null, failure)) {
            return false;
        }
        ReaderRegion mapped = region;
        if (mapped != null) {
            mapped.retire();
        }
        calls.forEach(call -> call.fail(lossOf(call)));
        waker.run();
        return true;
    }

    private Failure lossOf(Call<?> call) {
        Failure lost = loss.get();
        return lost == null
                ? Failure.of(ErrorCode.NODE_UNAVAILABLE, call.what() + " failed")
                : new Failure(lost.code(), call.what() + " failed: " + lost.message(), 0, lost.cause());
    }

    /** Says goodbye to the node, as far as it still listens, and ends the session. */
    void close() {
        boolean wasOpen = !isLost();
        lose("the client was closed", null);
        poller.exclusively(() -> {
            if (wasOpen && toDispose.get() != null) {
                sayGoodbye();
            }
        });
        dispose();
    }

    private void sayGoodbye() {
        try {
            boolean said = false;
            for (int turn = 0; turn < FAREWELL_TURNS; turn++) {
                said = said || sender.goodbye();
                transport.work(System.nanoTime(), true);
                LockSupport.parkNanos(1_000L);
            }
        } catch (RuntimeException e) {
            // It is gone already: nobody to take leave of.
            completions.run();
        }
    }

    /** Frees the transport of a session that is over. A second call does nothing. */
    void dispose() {
        AeronTransport mine = toDispose.getAndSet(null);
        if (mine != null) {
            poller.exclusively(() -> {
                sender.close();
                mine.close();
            });
        }
    }
}
