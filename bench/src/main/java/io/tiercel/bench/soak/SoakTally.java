package io.tiercel.bench.soak;

import io.tiercel.ErrorCode;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was done and what came of it, and the first violation. Threadsafe. */
final class SoakTally {
    /** What a worker does. */
    enum Operation {
        READ, STREAM, RANGE, PUT, CHANGE, DELETE, INVALIDATE, INVALIDATE_PREFIX, LIST, BREAK
    }

    private final Map<Operation, LongAdder> done = new EnumMap<>(Operation.class);
    private final Map<ErrorCode, LongAdder> errors = new EnumMap<>(ErrorCode.class);
    private final AtomicReference<@Nullable String> violation = new AtomicReference<>();
    final LongAdder hits = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder bytes = new LongAdder();
    final LongAdder kills = new LongAdder();
    final LongAdder readerDeaths = new LongAdder();

    SoakTally() {
        for (Operation operation : Operation.values()) {
            done.put(operation, new LongAdder());
        }
        for (ErrorCode code : ErrorCode.values()) {
            errors.put(code, new LongAdder());
        }
    }

    /** An operation came to its end without an error. */
    void done(Operation operation) {
        adder(done, operation).increment();
    }

    void failed(ErrorCode code) {
        adder(errors, code).increment();
    }

    private static <K> LongAdder adder(Map<K, LongAdder> adders, K of) {
        LongAdder adder = adders.get(of);
        if (adder == null) {
            throw new IllegalArgumentException("nothing is counted of " + of);
        }
        return adder;
    }

    long doneCount() {
        return done.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** The first one stays. */
    void violate(String what) {
        violation.compareAndSet(null, what);
    }

    @Nullable
    String violation() {
        return violation.get();
    }

    /** On one line. */
    String told() {
        return "operations: " + counts(done) + "; reads: hits=" + hits + " misses=" + misses + " bytes=" + bytes
                + "; errors: " + counts(errors) + "; kills=" + kills + " readerDeaths=" + readerDeaths;
    }

    private static String counts(Map<? extends Enum<?>, LongAdder> adders) {
        String counts = adders.entrySet().stream().filter(entry -> entry.getValue().sum() > 0)
                .map(entry -> entry.getKey().name() + '=' + entry.getValue()).collect(Collectors.joining(" "));
        return counts.isEmpty() ? "none" : counts;
    }
}
