package io.tiercel.tier;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.index.KeyHasher;
import io.tiercel.mapped.FrameDescriptor;
import java.nio.file.Path;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Settings of a store. Not threadsafe; nothing changes after {@link #conclude()}. */
public final class StoreContext {
    /** Least capacity of the mapped tier. */
    public static final long MIN_MAPPED_CAPACITY = 16L << 20;
    /** Default of {@link #maxReaders()}. */
    public static final int DEFAULT_MAX_READERS = 64;
    /** Default of {@link #pinQuota()}: half of the mapped capacity. */
    public static final long DEFAULT_PIN_QUOTA = -1L;
    /**
     * What a node sets {@link #repeatIntervalNs} to: a key that is read ten times a second is a hot one, and what is told of
     * it besides is paid by the reads. LRU-K takes requests for correlated within seconds.
     */
    public static final long NODE_REPEAT_INTERVAL_NS = 100_000_000L;
    /** Default of {@link #maxPrefixes()}. */
    public static final int DEFAULT_MAX_PREFIXES = 1 << 20;

    private @Nullable Path dir;
    private long heapCapacity = 64L << 20;
    private long mappedCapacity = 1L << 30;
    private long keptCapacity;
    private long repeatIntervalNs;
    private long maxFrame;
    private Clock clock = new NodeClock();
    private int maxReaders = DEFAULT_MAX_READERS;
    private long pinQuota = DEFAULT_PIN_QUOTA;
    private int maxPrefixes = DEFAULT_MAX_PREFIXES;
    private @Nullable KeyHasher hasher;
    private IntSupplier rebuildSlice = () -> Rebuild.FRAMES_A_TURN;
    private Retention retention = Retention.NONE;
    private boolean concluded;

    /** Checks the values; a bad one is refused as BAD_CONFIGURATION, never mended. */
    public StoreContext conclude() {
        if (dir == null) {
            throw refused("dir", "none", "a folder");
        }
        if (heapCapacity < 0) {
            throw refused("heapCapacity", heapCapacity, "0 or more bytes");
        }
        if (mappedCapacity < MIN_MAPPED_CAPACITY) {
            throw refused("mappedCapacity", mappedCapacity, "at least " + MIN_MAPPED_CAPACITY + " bytes");
        }
        if (maxFrame < 0 || maxFrame > FrameDescriptor.MAX_PAYLOAD_LENGTH || maxFrame > mappedCapacity) {
            throw refused("maxFrame", maxFrame, "0 for the default, else at most "
                    + FrameDescriptor.MAX_PAYLOAD_LENGTH + " and mappedCapacity=" + mappedCapacity);
        }
        if (keptCapacity < 0) {
            throw refused("keptCapacity", keptCapacity, "0 for all that there is room for, or more");
        }
        if (repeatIntervalNs < 0) {
            throw refused("repeatIntervalNs", repeatIntervalNs, "0 or more");
        }
        if (maxReaders < 0 || maxReaders > 65_536) {
            throw refused("maxReaders", maxReaders, "0 to 65536");
        }
        if (pinQuota < DEFAULT_PIN_QUOTA) {
            throw refused("pinQuota", pinQuota, "0 or more bytes, -1 for the default");
        }
        if (maxPrefixes < 1 || maxPrefixes > 1 << 24) {
            throw refused("maxPrefixes", maxPrefixes, "1 to " + (1 << 24));
        }
        if (maxFrame == 0) {
            maxFrame = Math.min(FrameDescriptor.MAX_PAYLOAD_LENGTH, mappedCapacity / 2);
        }
        if (pinQuota == DEFAULT_PIN_QUOTA) {
            pinQuota = mappedCapacity / 2;
        }
        concluded = true;
        return this;
    }

    private static TiercelException refused(String name, Object value, String expected) {
        return new TiercelException(ErrorCode.BAD_CONFIGURATION, name + "=" + value + ": expected " + expected);
    }

    private void changing() {
        if (concluded) {
            throw new IllegalStateException("context is concluded");
        }
    }

    /** Folder of the node, created when missing. */
    public Path dir() {
        if (dir == null) {
            throw new IllegalStateException("dir is not set");
        }
        return dir;
    }

    public StoreContext dir(Path value) {
        changing();
        this.dir = value;
        return this;
    }

    /** Bytes of heap for images of small hot frames; 0 turns the tier off. Default 64 MiB. */
    public long heapCapacity() {
        return heapCapacity;
    }

    public StoreContext heapCapacity(long bytes) {
        changing();
        this.heapCapacity = bytes;
        return this;
    }

    /** Bytes of segment files on disk. Default 1 GiB, least 16 MiB. */
    public long mappedCapacity() {
        return mappedCapacity;
    }

    public StoreContext mappedCapacity(long bytes) {
        changing();
        this.mappedCapacity = bytes;
        return this;
    }

    /** Weight of the frames that the policy may keep; 0, the default, stands for all that the capacity has room for. */
    public long keptCapacity() {
        return keptCapacity;
    }

    public StoreContext keptCapacity(long bytes) {
        changing();
        this.keptCapacity = bytes;
        return this;
    }

    /** For how long a read of a key stands, to the policy, for those behind it; 0, the default, has it told of each. */
    public long repeatIntervalNs() {
        return repeatIntervalNs;
    }

    public StoreContext repeatIntervalNs(long ns) {
        changing();
        this.repeatIntervalNs = ns;
        return this;
    }

    /** The least mapped capacity that has room for kept frames of that weight. */
    public static long mappedCapacityFor(long keptBytes) {
        long capacity = MIN_MAPPED_CAPACITY;
        while (StoreSizes.keptCapacity(capacity, StoreSizes.segmentLength(capacity)) < keptBytes) {
            capacity += Math.max(1L << 16, keptBytes / 256);
        }
        return capacity;
    }

    /** Largest payload; default, written as 0, the smaller of 1 GiB and half of the mapped capacity. */
    public long maxFrame() {
        return maxFrame;
    }

    public StoreContext maxFrame(long bytes) {
        changing();
        this.maxFrame = bytes;
        return this;
    }

    /** What the time is. */
    public Retention retention() {
        return retention;
    }

    /** How long expired frames stay; without it they go at once. */
    public StoreContext retention(Retention value) {
        changing();
        this.retention = value;
        return this;
    }

    public Clock clock() {
        return clock;
    }

    public StoreContext clock(Clock value) {
        changing();
        this.clock = value;
        return this;
    }

    /** Clients that may map at once. Default 64. */
    public int maxReaders() {
        return maxReaders;
    }

    public StoreContext maxReaders(int count) {
        changing();
        this.maxReaders = count;
        return this;
    }

    /**
     * Bytes of segment files that the leases of one mapped client may keep; one segment is always allowed. Default,
     * written as -1, half of the mapped capacity.
     */
    public long pinQuota() {
        return pinQuota;
    }

    public StoreContext pinQuota(long bytes) {
        changing();
        this.pinQuota = bytes;
        return this;
    }

    /** Invalidated prefixes told apart; of those beyond it each makes other keys miss too. Default 1,048,576. */
    public int maxPrefixes() {
        return maxPrefixes;
    }

    public StoreContext maxPrefixes(int count) {
        changing();
        this.maxPrefixes = count;
        return this;
    }

    /** Hashes keys in the place of the directory's own hash; for tests of what collides. */
    StoreContext hasher(KeyHasher value) {
        changing();
        this.hasher = value;
        return this;
    }

    /** Frames that a rebuild applies in a turn; for tests of what happens meanwhile. */
    StoreContext rebuildSlice(IntSupplier frames) {
        changing();
        this.rebuildSlice = frames;
        return this;
    }

    int rebuildSlice() {
        return rebuildSlice.getAsInt();
    }

    KeyHasher hasher(long storeId) {
        return hasher == null ? KeyHasher.seeded(storeId) : hasher;
    }
}
