package io.tiercel.bench.rig;

import io.tiercel.bench.load.Payloads;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;

/** A server that is started when it is first asked for, and then holds the values that it was asked for. One thread. */
final class Filled<S extends AutoCloseable> implements AutoCloseable {
    private final Supplier<S> starting;
    private final BiConsumer<S, Payloads> filling;
    private final Set<Integer> lengths = new HashSet<>();
    private @Nullable S server;

    Filled(Supplier<S> starting, BiConsumer<S, Payloads> filling) {
        this.starting = starting;
        this.filling = filling;
    }

    /** The server, with these values in it; values of one length are the same each time. */
    S with(Payloads payloads) {
        S running = started();
        if (!lengths.contains(payloads.length())) {
            filling.accept(running, payloads);
            lengths.add(payloads.length());
        }
        return running;
    }

    S started() {
        S running = server;
        if (running == null) {
            running = starting.get();
            server = running;
        }
        return running;
    }

    @Override
    public void close() {
        CloseHelper.quietClose(server);
        server = null;
        lengths.clear();
    }
}
