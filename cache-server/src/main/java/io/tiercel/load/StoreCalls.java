package io.tiercel.load;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.storage.StorageException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Calls of stores: a permit first, then a thread that may block, then the outcome as a task for the shard.
 *
 * <p>Work holds its permit over as many calls as it makes, so that no more than the limit ever run or hold memory
 * (PROPERTIES of bounded background work: the permit is taken before anything is scheduled). Each mount is sure of a
 * share of the permits and of the queue, so that a store that hangs leaves the others their speed. A call that is
 * {@linkplain #ask asked} goes through its mount's breaker and is tried again within its budget: this is the only place
 * of retries. Every method is for the shard thread; completions run there too, through the executor given.
 */
public final class StoreCalls {
    /** What a call came to: exactly one of the two is given, but for a call whose result is itself null. */
    @FunctionalInterface
    public interface Completion<T extends @Nullable Object> {
        void onDone(T result, @Nullable Throwable failure);
    }

    private final Executor shard;
    private final FairLimit permits;
    private final FairLimit queue;
    private final LongSupplier nowNs;
    private final RandomGenerator random;
    private final Map<Mount, MountGate> gates = new HashMap<>();
    /** Mounts that are no more, and that works still hold permits of. */
    private final Set<Mount> retired = new HashSet<>();
    /** Gates where works wait, in the order in which they have their turns. */
    private final Deque<MountGate> turns = new ArrayDeque<>();
    private final PriorityQueue<Asking<?>> resting = new PriorityQueue<>();
    private final CallThreads threads;
    private final Set<RunningCall> running = ConcurrentHashMap.newKeySet();
    private Consumer<Mount> whenIdle = _ -> {};
    /** Empty before any were told. */
    private Set<Mount> current = Set.of();
    private long total;
    private long skipped;
    private long retried;
    private boolean isShutDown;

    /**
     * @param shard runs tasks on the shard thread, in order, losing none.
     * @param permitLimit works at a time.
     * @param queueLimit works that may wait for a permit.
     * @param nowNs monotonic time.
     * @param random for the waits between tries.
     */
    public StoreCalls(Executor shard, int permitLimit, int queueLimit, LongSupplier nowNs, RandomGenerator random) {
        this(shard, permitLimit, queueLimit, nowNs, random, new CallThreads());
    }

    StoreCalls(Executor shard, int permitLimit, int queueLimit, LongSupplier nowNs, RandomGenerator random,
            CallThreads threads) {
        this.threads = threads;
        this.shard = shard;
        this.permits = new FairLimit(permitLimit);
        this.queue = new FairLimit(queueLimit);
        this.nowNs = nowNs;
        this.random = random;
    }

    /**
     * The mounts that there are from now on; what others still hold they give back.
     *
     * @param whenIdle told, once, of each that is none any more and holds nothing.
     */
    public void mounts(List<Mount> mounts, Consumer<Mount> whenIdle) {
        this.whenIdle = whenIdle;
        current = Set.copyOf(mounts);
        for (Mount mount : mounts) {
            gate(mount);
        }
        for (Mount known : List.copyOf(gates.keySet())) {
            if (!current.contains(known) && !retired.contains(known)) {
                retire(known, gate(known));
                forgetIdle(known);
            }
        }
    }

    /** Leaves its shares to the others; what it holds it gives back. */
    private void retire(Mount mount, MountGate gate) {
        permits.removePart(gate.permits());
        queue.removePart(gate.queue());
        retired.add(mount);
    }

    private void forgetIdle(Mount mount) {
        if (retired.contains(mount) && gate(mount).isIdle()) {
            retired.remove(mount);
            gates.remove(mount);
            whenIdle.accept(mount);
        }
    }

    private MountGate gate(Mount mount) {
        MountGate gate = gates.get(mount);
        if (gate == null) {
            gate = new MountGate(mount, permits.addPart(mount.policy().protection().permits()), queue.addPart(
                    Integer.MAX_VALUE));
            gates.put(mount, gate);
            if (!current.isEmpty() && !current.contains(mount)) {
                // Something began before its mount went: what it still does is counted, and then forgotten.
                retire(mount, gate);
            }
        }
        return gate;
    }

    /**
     * Takes a permit for a piece of work on a mount's store and runs {@code granted}, now or when one is given back.
     *
     * @return false when the queue is full or the node stops: nothing will run.
     */
    public boolean acquire(Mount mount, Runnable granted) {
        if (isShutDown) {
            return false;
        }
        MountGate gate = gate(mount);
        if (gate.waiting().isEmpty() && permits.tryTake(gate.permits())) {
            total++;
            granted.run();
            return true;
        }
        if (!queue.tryTake(gate.queue())) {
            skipped++;
            return false;
        }
        if (gate.waiting().isEmpty()) {
            turns.add(gate);
        }
        gate.waiting().add(granted);
        return true;
    }

    /** Gives a permit of a mount back; the mounts where works wait have it in turns. */
    public void release(Mount mount) {
        permits.giveBack(gate(mount).permits());
        forgetIdle(mount);
        for (int i = turns.size(); i > 0; i--) {
            MountGate gate = turns.remove();
            Runnable next = permits.tryTake(gate.permits()) ? gate.waiting().remove() : null;
            if (!gate.waiting().isEmpty()) {
                turns.add(gate);
            }
            if (next != null) {
                queue.giveBack(gate.queue());
                total++;
                next.run();
                return;
            }
        }
    }

    /**
     * Asks a mount's store, through its breaker, each try with the mount's timeout, and again within the mount's budget
     * when it is unavailable: for what may be done twice.
     */
    public <T> StoreCall ask(Mount mount, String name, Callable<T> call, Completion<T> completion) {
        Asking<T> asking = new Asking<>(mount, name, mount.policy().protection().timeoutMs(), true, call, completion);
        asking.gate.budget().firstTry();
        asking.begin();
        return asking;
    }

    /** Asks a mount's store through its breaker, once: for what must not be done twice. */
    public <T> StoreCall askOnce(Mount mount, String name, long timeoutMs, Callable<T> call,
            Completion<T> completion) {
        Asking<T> asking = new Asking<>(mount, name, timeoutMs, false, call, completion);
        asking.begin();
        return asking;
    }

    /** One call with its tries; ordered by when the next is due. */
    private final class Asking<T> implements StoreCall, Comparable<Asking<?>> {
        final Mount mount;
        final MountGate gate;
        private final String name;
        private final long timeoutMs;
        private final boolean mayRepeat;
        private final Callable<T> call;
        private final Completion<T> completion;
        private int attempt;
        private long dueNs;
        private @Nullable StoreCall underWay;
        private @Nullable Throwable lastFailure;
        private boolean isCancelled;

        Asking(Mount mount, String name, long timeoutMs, boolean mayRepeat, Callable<T> call,
                Completion<T> completion) {
            this.mount = mount;
            this.gate = gate(mount);
            this.name = name;
            this.timeoutMs = timeoutMs;
            this.mayRepeat = mayRepeat;
            this.call = call;
            this.completion = completion;
        }

        void begin() {
            long now = nowNs.getAsLong();
            long ticket = gate.tryBegin(now);
            if (ticket == CircuitBreaker.REFUSED) {
                end(lastFailure == null ? gate.refusal(now) : lastFailure);
                return;
            }
            attempt++;
            underWay = run(name, now + TimeUnit.MILLISECONDS.toNanos(timeoutMs), call, (result, failure) -> onOutcome(
                    ticket, result, failure));
        }

        private void onOutcome(long ticket, T result, @Nullable Throwable failure) {
            underWay = null;
            long now = nowNs.getAsLong();
            if (failure != null && isCancelled) {
                gate.abandoned(ticket);
            } else {
                gate.told(ticket, failure, now);
            }
            long delayMs = failure instanceof StorageException stored && mayRepeat && !isCancelled && !isShutDown
                    ? mount.policy().protection().retry().delayMs(attempt, stored, random)
                    : -1;
            if (failure != null && delayMs >= 0 && gate.budget().tryTake()) {
                lastFailure = failure;
                dueNs = now + TimeUnit.MILLISECONDS.toNanos(delayMs);
                retried++;
                resting.add(this);
            } else {
                completion.onDone(result, failure == null ? null : StoreErrors.translate(mount, failure));
            }
        }

        @SuppressWarnings("NullAway") // a failed call has no result: the completion looks at the failure first
        private void end(Throwable failure) {
            completion.onDone(null, StoreErrors.translate(mount, failure));
        }

        @Override
        public void cancel() {
            isCancelled = true;
            if (underWay != null) {
                underWay.cancel();
            } else if (resting.remove(this)) {
                shard.execute(() -> end(lastFailure == null ? new InterruptedException() : lastFailure));
            }
        }

        @Override
        public int compareTo(Asking<?> other) {
            return Long.signum(dueNs - other.dueNs);
        }
    }

    /** Takes note of how a body ended whose opening was asked for. */
    public void toldOfBody(Mount mount, @Nullable Throwable failure) {
        gate(mount).toldOfBody(failure, nowNs.getAsLong());
    }

    /** Runs a call without a limit of time: whoever started it sees to its end. */
    public <T extends @Nullable Object> StoreCall run(String name, Callable<T> call, Completion<T> completion) {
        return run(name, RunningCall.NO_DEADLINE, call, completion);
    }

    /** Runs a task on the shard thread, soon. Threadsafe. */
    public void tell(Runnable task) {
        shard.execute(task);
    }

    /**
     * Runs a call on a thread that may block; its outcome reaches the shard as a task. Where the system has no thread for
     * it the outcome is OVERLOADED.
     *
     * @param deadlineNs monotonic time at which it is interrupted and its failure becomes TIMEOUT.
     * @return the call, to be cancelled when nobody waits any more.
     */
    public <T extends @Nullable Object> StoreCall run(String name, long deadlineNs, Callable<T> call,
            Completion<T> completion) {
        RunningCall begun = new RunningCall(name, deadlineNs) {
            @Override
            void call() {
                callAndReport(this, call, completion);
            }
        };
        running.add(begun);
        try {
            threads.execute(begun);
        } catch (OutOfMemoryError e) {
            running.remove(begun);
            fail(completion, new TiercelException(ErrorCode.OVERLOADED, "no thread for call=" + name, e));
        }
        if (isShutDown) {
            // What was begun before may end, and must not wait.
            begun.cancel();
        }
        return begun;
    }

    /** It runs no more for anybody before its outcome is told. */
    private <T extends @Nullable Object> void callAndReport(RunningCall begun, Callable<T> call,
            Completion<T> completion) {
        T result;
        try {
            result = call.call();
        } catch (Throwable failure) {
            running.remove(begun);
            fail(completion, begun.isLate()
                    ? new TiercelException(ErrorCode.TIMEOUT, "store did not answer in time: call=" + begun.name()
                            + " (mounts.….timeout)", failure)
                    : failure);
            return;
        }
        running.remove(begun);
        shard.execute(() -> completion.onDone(result, null));
    }

    @SuppressWarnings("NullAway") // a failed call has no result: the completion looks at the failure first
    private <T extends @Nullable Object> void fail(Completion<T> completion, Throwable failure) {
        shard.execute(() -> completion.onDone(null, failure));
    }

    /** Interrupts calls whose time is over, and begins further tries that are due; answers how many. */
    public int checkDeadlines(long nowNs) {
        int late = beginDue(nowNs);
        for (RunningCall call : running) {
            late += call.cancelWhenOverdue(nowNs) ? 1 : 0;
        }
        return late;
    }

    private int beginDue(long nowNs) {
        int begun = 0;
        for (Asking<?> next = resting.peek(); next != null && nowNs - next.dueNs >= 0; next = resting.peek()) {
            resting.remove();
            next.begin();
            begun++;
        }
        return begun;
    }

    /** Works that hold a permit. */
    public int active() {
        return permits.used();
    }

    /** Further tries since the start. */
    public long retried() {
        return retried;
    }

    /** Works that ever held one. */
    public long total() {
        return total;
    }

    /** Works refused because the queue was full. */
    public long skipped() {
        return skipped;
    }

    /** Whether a call is still on its thread: memory that it may write to must stay. */
    public boolean hasRunning() {
        return !running.isEmpty();
    }

    /** Interrupts every call, and starts no more work; each call still reports its outcome. */
    public void shutDown() {
        isShutDown = true;
        turns.forEach(gate -> gate.waiting().clear());
        turns.clear();
        List.copyOf(resting).forEach(Asking::cancel);
        running.forEach(RunningCall::cancel);
        threads.keepNone();
    }
}
