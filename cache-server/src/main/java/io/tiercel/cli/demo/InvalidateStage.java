package io.tiercel.cli.demo;

import io.tiercel.Key;
import io.tiercel.cli.demo.Finding.Check;
import io.tiercel.client.Frame;
import io.tiercel.client.Served;
import io.tiercel.client.TiercelClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Consumer;

/** Changes a file behind the node's back, invalidates its prefix, and looks who notices. */
final class InvalidateStage implements Stage {
    private static final String CHANGED = "day=1/part.arrow";
    private static final String SIBLING = "day=10/part.arrow";

    /** The files as they are when the demo begins. */
    static void write(Path work) throws IOException {
        for (String name : List.of(CHANGED, SIBLING)) {
            Path file = work.resolve(name);
            Files.createDirectories(file.resolveSibling(""));
            ArrowSamples.write(file, 1, List.of(1_000));
        }
    }

    @Override
    public void run(Target target, Consumer<Finding> findings) throws Exception {
        Key changed = Key.of("work/" + CHANGED);
        Key sibling = Key.of("work/" + SIBLING);
        Path file = target.work().resolve(CHANGED);
        try (TiercelClient client = target.mapped();
                TiercelClient other = target.mapped();
                TiercelClient udp = target.udpStreamed()) {
            for (TiercelClient reader : List.of(client, other, udp)) {
                read(reader, changed);
                read(reader, sibling);
            }
            Path next = file.resolveSibling("next");
            ArrowSamples.write(next, 2, List.of(1_000));
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            String sha256 = Sha256.of(file);
            long beginNs = System.nanoTime();
            client.invalidatePrefix(Key.of("work/day=1"));
            long tookNs = System.nanoTime() - beginNs;
            Read first = read(client, changed);
            findings.accept(new Check("after a prefix is invalidated the next read is a load",
                    isLoad(first.served) && first.sha256.equals(sha256),
                    "acknowledged in " + Figures.time(tookNs) + ", then " + first.served));
            boolean areEqual = read(other, changed).sha256.equals(sha256) && read(udp, changed).sha256.equals(sha256);
            findings.accept(new Check("every other client sees the new bytes, too", areEqual, "mapped and over UDP"));
            Read kept = read(client, sibling);
            findings.accept(new Check("a prefix covers whole segments: day=1 is not day=10",
                    !isLoad(kept.served), "day=10 still from " + kept.served));
        }
    }

    /** Whether the store was asked; what has changed just now is served past the cache. */
    private static boolean isLoad(Served served) {
        return served != Served.HEAP && served != Served.MAPPED;
    }

    private record Read(Served served, String sha256) {}

    private static Read read(TiercelClient client, Key key) throws IOException {
        try (Frame frame = client.get(key)) {
            if (frame == null) {
                throw new IOException("not there: " + key);
            }
            return new Read(frame.served(), Sha256.of(frame.byteBuffer()));
        }
    }
}
