package io.tiercel.bench.node;

import io.tiercel.Key;
import io.tiercel.bench.load.Payloads;
import io.tiercel.client.Frame;
import io.tiercel.client.PutOptions;
import io.tiercel.client.PutResult;
import io.tiercel.client.TiercelClient;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Puts values into a node and looks that they are there. Stateless. */
final class Filling {
    private static final PutOptions OPTIONS = PutOptions.DEFAULTS.timeout(60, TimeUnit.SECONDS);
    private static final int UNDER_WAY = 32;
    private static final int SMALL = 64 * 1024;

    private Filling() {}

    static Key[] keys(Payloads payloads) {
        return IntStream.range(0, payloads.count()).mapToObj(number -> Key.of(payloads.key(number)))
                .toArray(Key[]::new);
    }

    static void put(TiercelClient client, Payloads payloads) {
        if (payloads.length() > SMALL) {
            ByteBuffer value = payloads.valueBuffer();
            for (int number = 0; number < payloads.count(); number++) {
                Payloads.number(value, number);
                client.put(Key.of(payloads.key(number)), value, OPTIONS);
            }
            return;
        }
        ByteBuffer[] values = new ByteBuffer[UNDER_WAY];
        Queue<CompletableFuture<PutResult>> pending = new ArrayDeque<>();
        for (int number = 0; number < payloads.count(); number++) {
            if (pending.size() == UNDER_WAY) {
                pending.remove().join();
            }
            int slot = number % UNDER_WAY;
            if (values[slot] == null) {
                values[slot] = payloads.valueBuffer();
            }
            Payloads.number(values[slot], number);
            pending.add(client.putAsync(Key.of(payloads.key(number)), values[slot], OPTIONS));
        }
        pending.forEach(CompletableFuture::join);
    }

    /** @throws IllegalStateException when one is not there, or is another. */
    static void requireAll(TiercelClient client, Payloads payloads) {
        Frame frame = new Frame();
        for (int number = 0; number < payloads.count(); number++) {
            if (!isRead(client, Key.of(payloads.key(number)), frame, number, payloads)) {
                throw new IllegalStateException("key=" + payloads.key(number) + " was put and is not there");
            }
        }
    }

    /**
     * Reads a value and gives it up; whether it was there.
     *
     * @throws IllegalStateException when it is another.
     */
    static boolean isRead(TiercelClient client, Key key, Frame frame, int number, Payloads payloads) {
        if (!client.get(key, frame)) {
            return false;
        }
        try (frame) {
            payloads.requireRight(number, frame.buffer().getLong(0, ByteOrder.LITTLE_ENDIAN), frame.length());
        }
        return true;
    }
}
