package io.tiercel.client;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.agrona.BitUtil;
import org.jspecify.annotations.Nullable;

/**
 * The calls under way in a session, found by correlation id: a serial number whose low bits are the index, so that a
 * late reply finds nobody and no lookup searches. Bounded and threadsafe, without locks.
 */
final class CallTable {
    private final int maxInFlight;
    private final int indexBits;
    private final AtomicReferenceArray<@Nullable Call<?>> calls;
    private final AtomicInteger inFlight = new AtomicInteger();
    /** Begins anywhere, so that the first reply of a session cannot be guessed. */
    private final AtomicLong serial = new AtomicLong(ThreadLocalRandom.current().nextLong(1L << 32, 1L << 40));

    CallTable(int maxInFlight) {
        this.maxInFlight = maxInFlight;
        int capacity = BitUtil.findNextPositivePowerOfTwo(maxInFlight);
        this.indexBits = Integer.numberOfTrailingZeros(capacity);
        this.calls = new AtomicReferenceArray<>(capacity);
    }

    /** Gives the call a place and an id; false when all are taken. */
    boolean tryClaim(Session session, Call<?> call) {
        if (inFlight.incrementAndGet() > maxInFlight) {
            inFlight.decrementAndGet();
            return false;
        }
        int mask = calls.length() - 1;
        while (true) {
            long number = serial.getAndIncrement();
            int index = (int) number & mask;
            if (calls.getAcquire(index) == null) {
                call.attach(session, number << indexBits | index);
                if (calls.compareAndSet(index, null, call)) {
                    return true;
                }
            }
        }
    }

    /** The call that waits under this id, or null. */
    @Nullable
    Call<?> find(long correlationId) {
        Call<?> call = calls.get((int) correlationId & calls.length() - 1);
        return call != null && call.correlationId() == correlationId ? call : null;
    }

    /** Frees the place of a call; a second time does nothing. */
    void release(Call<?> call) {
        int index = (int) call.correlationId() & calls.length() - 1;
        if (calls.compareAndSet(index, call, null)) {
            inFlight.decrementAndGet();
        }
    }

    int maxInFlight() {
        return maxInFlight;
    }

    /** Calls under way, about. */
    int size() {
        return inFlight.get();
    }

    void forEach(Consumer<Call<?>> action) {
        for (int index = 0; index < calls.length(); index++) {
            Call<?> call = calls.get(index);
            if (call != null) {
                action.accept(call);
            }
        }
    }

    /** Wakes one thread that waits for a call of its own, so that it polls from here on. */
    void wakeOne() {
        for (int index = 0; index < calls.length(); index++) {
            Call<?> call = calls.getAcquire(index);
            Thread waiter = call == null ? null : call.waiter();
            if (waiter != null) {
                LockSupport.unpark(waiter);
                return;
            }
        }
    }
}
