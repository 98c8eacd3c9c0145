package io.tiercel.bench.soak;

import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.client.Frame;
import io.tiercel.client.TiercelClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Main class of a process that holds leases, until it is killed with them: it opens frames where they lie, keeps some
 * open, and looks at each again as it closes it, for its bytes must not have changed. It knows no floors. Arguments: the
 * node's directory, a seed. Says {@code holding} when it holds its first lease, and on a wrong byte what it was.
 */
final class LeaseHolder {
    static final String HOLDING = "holding";
    private static final int MOST_OPEN = 24;
    private static final long CONNECT_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(300);

    private final List<SoakKey> keys = new SoakKeys(1).all();
    private final List<Frame> open = new ArrayList<>();
    private final SplittableRandom random;
    private boolean hasHeld;

    private LeaseHolder(long seed) {
        this.random = new SplittableRandom(seed);
    }

    public static void main(String[] arguments) {
        Thread.ofPlatform().daemon().name("end-of-input").start(SoakNodeProcess::endWithInput);
        TiercelClient client = connect(Path.of(arguments[0]));
        LeaseHolder holder = new LeaseHolder(Long.parseLong(arguments[1]));
        String defect = "";
        while (defect.isEmpty()) {
            defect = holder.step(client);
            LockSupport.parkNanos(PAUSE_NS);
        }
        System.out.println("a lease holder read " + defect);
        System.out.flush();
    }

    /** The node may be killed just now: then it will be there again. */
    private static TiercelClient connect(Path nodeDir) {
        while (true) {
            try {
                return TiercelClient.connect(new TiercelClient.Context().nodeDir(nodeDir));
            } catch (TiercelException e) {
                LockSupport.parkNanos(CONNECT_PAUSE_NS);
            }
        }
    }

    /** Opens or closes a frame. Answers what is wrong with it, empty when nothing is. */
    private String step(TiercelClient client) {
        if (open.size() >= MOST_OPEN || (!open.isEmpty() && random.nextInt(3) == 0)) {
            Frame frame = open.remove(random.nextInt(open.size()));
            String defect = defectOf(frame);
            frame.close();
            return defect;
        }
        try {
            Frame frame = client.get(Key.of(keys.get(random.nextInt(keys.size())).name));
            if (frame == null) {
                return "";
            }
            open.add(frame);
            if (!hasHeld) {
                hasHeld = true;
                System.out.println(HOLDING);
                System.out.flush();
            }
            return defectOf(frame);
        } catch (TiercelException e) {
            return "";
        }
    }

    private static String defectOf(Frame frame) {
        String key = frame.key().toString();
        byte[] bytes = new byte[(int) frame.length()];
        frame.buffer().getBytes(0, bytes);
        long version = SoakPayload.versionOf(key, bytes, 0, bytes.length);
        boolean isWhole = version > 0 && Arrays.equals(bytes, SoakPayload.of(key, version));
        return isWhole ? "" : key + ": torn or foreign under a lease: version=" + version + " length=" + bytes.length;
    }
}
