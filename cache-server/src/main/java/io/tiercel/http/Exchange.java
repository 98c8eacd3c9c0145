package io.tiercel.http;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.metrics.Operation;
import java.io.EOFException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request under way and its answer. It is answered once; what is handed to {@link #atEnd} is given back once, after
 * Jetty is done with the connection's part in it: sent, failed or cut, whichever way. Threads of Jetty enter it one
 * after another; {@code atEnd} is threadsafe.
 */
final class Exchange {
    private static final Logger LOGGER = LoggerFactory.getLogger(Exchange.class);

    /** What a command may take beyond its own deadline before we stop believing in its answer. */
    private static final long GRACE_MS = 1000;

    private final HttpGateway.Context context;
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final long startNs = System.nanoTime();
    private final AtomicBoolean answered = new AtomicBoolean();

    private volatile Operation operation = Operation.OTHER;

    // Guarded by the list itself.
    private final List<Runnable> endings = new ArrayList<>();
    private boolean ended;

    Exchange(HttpGateway.Context context, Request request, Response response, Callback callback) {
        this.context = context;
        this.request = request;
        this.response = response;
        this.callback = callback;
        context.metrics().begun();
        Request.addCompletionListener(request, this::onEnd);
        // Waiting for a store is no idleness of the client's: commands have deadlines of their own.
        request.addIdleTimeoutListener(_ -> false);
    }

    Request request() {
        return request;
    }

    Response response() {
        return response;
    }

    boolean isHead() {
        return HttpMethod.HEAD.is(request.getMethod());
    }

    void operation(Operation operation) {
        this.operation = operation;
    }

    /** Runs something once the exchange is over; at once if it is. */
    void atEnd(Runnable ending) {
        synchronized (endings) {
            if (!ended) {
                endings.add(ending);
                return;
            }
        }
        ending.run();
    }

    /** The callback of the answer: whoever takes it answers, and nobody else does. Null when somebody has. */
    @Nullable
    Callback tryAnswer() {
        return answered.compareAndSet(false, true) ? callback : null;
    }

    void text(int status, String contentType, String text) {
        Callback taken = tryAnswer();
        if (taken != null) {
            Answer.text(response, status, contentType, text, taken);
        }
    }

    void empty(int status) {
        Callback taken = tryAnswer();
        if (taken != null) {
            Answer.empty(response, status, taken);
        }
    }

    void problem(Problem problem) {
        Callback taken = tryAnswer();
        if (taken == null) {
            return;
        }
        if (problem.code() == ErrorCode.NOT_SUPPORTED && !response.getHeaders().contains(HttpHeader.ALLOW)) {
            response.getHeaders().put(HttpHeader.ALLOW, ObjectMethods.allowedBeside(request.getMethod()));
        }
        // A body that nobody will read ends the connection, rather than being taken for the next request.
        if (!request.consumeAvailable()) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        Answer.problem(response, problem, taken);
    }

    /** Ends the exchange for a reason of whatever kind: told where that is still possible, else the connection is cut. */
    void fail(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        if (cause instanceof TiercelException refusal) {
            problem(Problem.of(refusal));
        } else if (isConnectionLost(cause)) {
            cut(cause);
        } else {
            context.metrics().defect();
            LOGGER.error("http {} failed", operation, cause);
            problem(Problem.defect());
            if (cause instanceof VirtualMachineError fatal && !(fatal instanceof InternalError)) {
                // An InternalError is a mapped file cut short under us: that request's trouble alone.
                context.onFatal().accept(fatal);
                throw fatal;
            }
        }
    }

    /** Ends the exchange without an answer. */
    void cut(Throwable cause) {
        Callback taken = tryAnswer();
        if (taken != null) {
            taken.failed(cause);
        }
    }

    /**
     * Goes on with a command's result, on a thread of Jetty's. If it fails, or does not come in time, the exchange ends
     * with the problem; a result too late goes to {@code late}, on whatever thread brings it.
     */
    <T> void await(CompletableFuture<T> future, Consumer<T> then, Consumer<T> late) {
        AtomicBoolean settled = new AtomicBoolean();
        Scheduler.Task guard = request.getComponents().getScheduler().schedule(() -> {
            if (settled.compareAndSet(false, true)) {
                guarded(() -> fail(new TiercelException(ErrorCode.TIMEOUT, "no answer within "
                        + context.requestTimeoutMs() + " ms")));
            }
        }, context.requestTimeoutMs() + GRACE_MS, TimeUnit.MILLISECONDS);
        CompletableFuture<T> _ = future.whenComplete((result, failure) -> {
            if (settled.compareAndSet(false, true)) {
                guard.cancel();
                hop(result, failure, then, late);
            } else if (failure == null) {
                late.accept(result);
            }
        });
    }

    private <T> void hop(T result, @Nullable Throwable failure, Consumer<T> then, Consumer<T> late) {
        try {
            request.getComponents().getExecutor().execute(() -> guarded(() -> {
                if (failure == null) {
                    then.accept(result);
                } else {
                    fail(failure);
                }
            }));
        } catch (RejectedExecutionException e) {
            if (failure == null) {
                late.accept(result);
            }
            cut(e);
        }
    }

    /** Runs a step; what it throws ends the exchange. */
    void guarded(Runnable step) {
        try {
            step.run();
        } catch (Throwable t) {
            fail(t);
        }
    }

    /** Bounds how long a body of this length may travel, in or out: however slow the other side, it ends. */
    void limitTransfer(long length) {
        long limitMs = context.idleTimeoutMs() + length * 1000 / context.minRate();
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        Scheduler.Task task = request.getComponents().getScheduler().schedule(() -> {
            if (!hasEnded()) {
                endPoint.close(new TimeoutException("slower than " + context.minRate() + " bytes/s"));
            }
        }, limitMs, TimeUnit.MILLISECONDS);
        atEnd(task::cancel);
    }

    private boolean hasEnded() {
        synchronized (endings) {
            return ended;
        }
    }

    private static boolean isConnectionLost(Throwable failure) {
        return failure instanceof EOFException || failure instanceof ClosedChannelException;
    }

    private void onEnd(@Nullable Throwable failure) {
        List<Runnable> due;
        synchronized (endings) {
            ended = true;
            due = List.copyOf(endings);
            endings.clear();
        }
        context.metrics().ended(operation, response.getStatus(), failure != null, System.nanoTime() - startNs);
        for (Runnable ending : due.reversed()) {
            try {
                ending.run();
            } catch (RuntimeException e) {
                context.metrics().defect();
                LOGGER.error("http {} could not be cleaned up", operation, e);
            }
        }
    }
}
