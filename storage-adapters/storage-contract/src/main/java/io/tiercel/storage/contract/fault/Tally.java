package io.tiercel.storage.contract.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What has passed a proxy. Threadsafe. */
final class Tally {
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    void addRequest(String request) {
        requests.add(request);
    }

    void addConnection() {
        connections.incrementAndGet();
    }

    void addBytes(long count) {
        bytes.addAndGet(count);
    }

    List<String> requests() {
        return new ArrayList<>(requests);
    }

    int connections() {
        return connections.get();
    }

    long bytes() {
        return bytes.get();
    }

    void clear() {
        requests.clear();
        connections.set(0);
        bytes.set(0);
    }
}
