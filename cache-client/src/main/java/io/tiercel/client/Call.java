package io.tiercel.client;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.wire.codec.DescriptorDecoder;
import io.tiercel.wire.codec.FrameStartDecoder;
import io.tiercel.wire.codec.ListPageDecoder;
import io.tiercel.wire.codec.PutReplyDecoder;
import io.tiercel.wire.codec.StatReplyDecoder;
import io.tiercel.wire.codec.TextDecoder;
import io.tiercel.wire.codec.WelcomeDecoder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One request and the place for its reply. Its replies arrive on the thread that polls; it ends exactly once, in a
 * value or a failure, by whoever comes first: a reply, the deadline, the loss of the session.
 *
 * @param <T> what a successful reply amounts to.
 */
abstract class Call<T extends @Nullable Object> {
    /** Who is told of the outcome, where no thread waits for it; once, on the thread that runs completions. */
    interface Listener<T extends @Nullable Object> {
        /** Answers whether it takes the value, which is discarded otherwise. */
        boolean onValue(T value);

        void onFailure(TiercelException why);

        /** Whether it wants to know no more. */
        boolean isCancelled();
    }

    /** Stands for null, so that an outcome is never null itself. */
    private enum Nothing {
        VALUE
    }

    private static final VarHandle OUTCOME;

    static {
        try {
            OUTCOME = MethodHandles.lookup().findVarHandle(Call.class, "outcome", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long deadlineNs;
    private long correlationId;
    private @Nullable Session session;
    private @Nullable Listener<T> listener;
    private volatile @Nullable Object outcome;
    private volatile @Nullable Thread waiter;

    /** @param deadlineNs by {@link System#nanoTime()}. */
    Call(long deadlineNs) {
        this.deadlineNs = deadlineNs;
    }

    /** The call in words that precede "got no answer": {@code get of a/b}. */
    abstract String what();

    /**
     * Sends what there is to send; answers whether nothing is left. Called by the submitter, then by the polling
     * thread until it answers true.
     */
    abstract boolean trySend(RequestSender sender);

    /**
     * Refuses, before anything is sent, what the node would refuse.
     *
     * @throws TiercelException saying why.
     */
    void requireAllowed(long maxFrame) {}

    /** Whether the node is told when nobody waits for the reply any more. */
    boolean isCancellable() {
        return false;
    }

    void onError(ErrorCode code, int retryAfterMs, String message) {
        fail(new Failure(code, message, retryAfterMs, null));
    }

    void onWelcome(WelcomeDecoder reply) {
        unexpected("Welcome");
    }

    void onDescriptor(DescriptorDecoder reply) {
        unexpected("Descriptor");
    }

    /** Answers whether the payload that follows is wanted. */
    boolean onFrameStart(FrameStartDecoder reply, KnownTexts texts) {
        unexpected("FrameStart");
        return false;
    }

    /** Answers whether this chunk is the next and is wanted. */
    boolean onChunk(long position, int length) {
        unexpected("FrameChunk");
        return false;
    }

    /** Some bytes of the chunk announced last, in order. */
    void onChunkBytes(DirectBuffer source, int offset, int length) {
        unexpected("FrameChunk");
    }

    /** All bytes of the chunk announced last are here. */
    void onChunkEnd() {
        unexpected("FrameChunk");
    }

    void onStat(StatReplyDecoder reply) {
        unexpected("StatReply");
    }

    void onPutReady() {
        unexpected("PutReady");
    }

    void onPut(PutReplyDecoder reply) {
        unexpected("PutReply");
    }

    void onAck() {
        unexpected("Ack");
    }

    void onListPage(ListPageDecoder reply) {
        unexpected("ListPage");
    }

    void onText(TextDecoder reply) {
        unexpected("Text");
    }

    void onPong() {
        unexpected("Pong");
    }

    private void unexpected(String reply) {
        fail(Failure.of(ErrorCode.INTERNAL, what() + " was answered with " + reply));
    }

    /** Binds the call to the session that carries it, before it is sent. */
    final void attach(Session carrier, long id) {
        session = carrier;
        correlationId = id;
    }

    final @Nullable Session session() {
        return session;
    }

    /** Ends the call, wherever it is, since nobody waits for it any more. */
    final void abandon() {
        Session carrier = session;
        if (carrier != null) {
            carrier.abandon(this);
        }
    }

    final long correlationId() {
        return correlationId;
    }

    final long deadlineNs() {
        return deadlineNs;
    }

    /**
     * Whole milliseconds left, at least 1: what the node is told. Perhaps a few more than there are, since it is cheaper
     * not to look at the clock and the deadline is kept here.
     */
    final int timeoutMs() {
        Session carrier = session;
        long nowNs = carrier == null ? System.nanoTime() : carrier.lateNowNs();
        long leftMs = (deadlineNs - nowNs) / 1_000_000L;
        return (int) Math.max(1L, Math.min(Integer.MAX_VALUE, leftMs));
    }

    /** Makes this a call that no thread waits for; before it is sent. */
    final void listener(Listener<T> told) {
        listener = told;
    }

    final boolean isAsync() {
        return listener != null;
    }

    final boolean isDone() {
        return outcome != null;
    }

    final boolean complete(T value) {
        return end(value == null ? Nothing.VALUE : value);
    }

    /** Completes with null, for a T that admits it. */
    final boolean completeWithNull() {
        return end(Nothing.VALUE);
    }

    final boolean fail(Failure failure) {
        return end(failure);
    }

    private boolean end(Object result) {
        if (!OUTCOME.compareAndSet(this, null, result)) {
            return false;
        }
        Session carrier = session;
        if (carrier != null) {
            carrier.ended(this);
        }
        Thread waiting = waiter;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
        return true;
    }

    /** The thread to unpark when the call ends, or null. */
    final void waiter(@Nullable Thread thread) {
        waiter = thread;
    }

    final @Nullable Thread waiter() {
        return waiter;
    }

    /**
     * What a call that is done amounts to.
     *
     * @throws TiercelException when it failed.
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // complete() took the value, null included, as a T
    final T result() {
        Object result = outcome;
        if (result instanceof Failure failure) {
            throw failure.toException();
        }
        return (T) (result == Nothing.VALUE ? null : result);
    }

    /** Tells the listener of a call that is done; outside every lock, since strangers' code runs here. */
    final void tellListener() {
        Listener<T> told = listener;
        if (told == null) {
            return;
        }
        T value;
        try {
            value = result();
        } catch (TiercelException e) {
            told.onFailure(e);
            return;
        }
        if (!told.onValue(value)) {
            discard(value);
        }
    }

    /** Frees a value that its listener does not take. */
    void discard(T value) {}
}
