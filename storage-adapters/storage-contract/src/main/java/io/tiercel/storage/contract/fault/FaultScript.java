package io.tiercel.storage.contract.fault;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Which fault meets whom: the n-th who comes takes the n-th, later ones the last. Threadsafe. */
final class FaultScript {
    private final Predicate<String> whom;
    private final List<Fault> faults;
    private final AtomicInteger taken = new AtomicInteger();

    FaultScript(Predicate<String> whom, List<Fault> faults) {
        this.whom = whom;
        this.faults = List.copyOf(faults);
    }

    Fault next(String request) {
        if (faults.isEmpty() || !whom.test(request)) {
            return Fault.none();
        }
        return faults.get(Math.min(taken.getAndIncrement(), faults.size() - 1));
    }
}
