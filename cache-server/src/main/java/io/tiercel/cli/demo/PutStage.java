package io.tiercel.cli.demo;

import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.cli.demo.Finding.Check;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Puts frames until the node is killed under it, noting each one that was acknowledged. */
final class PutStage implements Stage {
    /** What the line of an acknowledged put is told by: whoever kills the node counts them. */
    static final String ACKNOWLEDGED = "acknowledged";
    /** Frames under a prefix that is invalidated before the kill. */
    static final int GONE_COUNT = 20;

    private static final int MAX_COUNT = 100_000;
    private static final long TIMEOUT_S = 20;

    @Override
    public void run(Target target, Consumer<Finding> findings) throws Exception {
        try (TiercelClient client = target.mapped()) {
            for (int i = 0; i < GONE_COUNT; i++) {
                client.put(gone(i), SeededBytes.of(i), PutOptions.DEFAULTS);
            }
            client.invalidatePrefix(Key.of("cache/gone"));
            for (int i = 0; i < MAX_COUNT; i++) {
                if (!put(client, i, target, findings)) {
                    return;
                }
            }
            findings.accept(new Check("the node is killed in the middle of puts", false, MAX_COUNT + " went through"));
        }
    }

    static Key gone(int number) {
        return Key.of("cache/gone/" + number);
    }

    static Key kept(int number) {
        return Key.of("cache/kept/" + number);
    }

    private static boolean put(TiercelClient client, int number, Target target, Consumer<Finding> findings)
            throws IOException {
        long beginNs = System.nanoTime();
        try {
            client.put(kept(number), SeededBytes.of(number),
                    PutOptions.DEFAULTS.timeout(TIMEOUT_S, TimeUnit.SECONDS));
        } catch (TiercelException e) {
            long tookNs = System.nanoTime() - beginNs;
            findings.accept(new Check("a call to a node that died ends in a typed error",
                    tookNs < TimeUnit.SECONDS.toNanos(2 * TIMEOUT_S), e.code() + " after " + Figures.time(tookNs)));
            return false;
        }
        Files.writeString(target.acknowledged(), number + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        findings.accept(new Check(ACKNOWLEDGED, true, Integer.toString(number)));
        return true;
    }
}
