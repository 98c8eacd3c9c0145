package io.tiercel.tier;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.mapped.ControlFile;
import io.tiercel.mapped.FrameDescriptor;
import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The cache of one shard: frames on the heap in front of frames in mapped segments, found by key, dropped by key and by
 * prefix, kept across restarts.
 *
 * <p>Single writer: the shard agent; nothing here blocks it, and finding a frame neither locks nor allocates.
 */
@SuppressWarnings("DoNotCallSuggester") // its behaviour comes in the next commits
public final class TieredStore implements AutoCloseable {
    private TieredStore() {}

    /**
     * Takes the directory and recovers what it holds.
     *
     * @throws TiercelException NODE_UNAVAILABLE when a living node holds the directory, named by its pid; NO_SPACE when
     *         the disk has no room for the fixed files; BAD_CONFIGURATION when the capacity exceeds the free disk;
     *         CORRUPT when a file is of a newer layout version. The directory is as it was then.
     */
    public static TieredStore open(Context context) {
        throw new UnsupportedOperationException("dir=" + context.dir());
    }

    /** What clients on the host read; unmapped by {@link #close()}. */
    public ControlFile control() {
        throw new UnsupportedOperationException();
    }

    /** Finds a frame that is valid now. Counts a hit or a miss, promotes; allocates nothing on a hit. */
    public boolean find(DirectBuffer key, int offset, int length, FrameView out) {
        throw new UnsupportedOperationException();
    }

    /** As {@link #find}, without counting and promoting. */
    public boolean peek(DirectBuffer key, int offset, int length, FrameView out) {
        throw new UnsupportedOperationException();
    }

    /** Asks for room; the listener hears inline, or later from {@link #doWork}. */
    public void allocate(FrameRequest request, AllocationListener listener) {
        throw new UnsupportedOperationException();
    }

    /** Drops the key's frame, and what is being loaded for it. Answers whether there was a live frame. */
    public boolean invalidate(Key key) {
        throw new UnsupportedOperationException();
    }

    /**
     * Drops everything at and under a prefix, at the same cost whatever is there. Answers the new epoch.
     *
     * @throws TiercelException NO_SPACE when it cannot be journalled; nothing changed then.
     */
    public long invalidatePrefix(Key prefix) {
        throw new UnsupportedOperationException();
    }

    /** Drops everything. Answers the new epoch; errors as {@link #invalidatePrefix}. */
    public long invalidateAll() {
        throw new UnsupportedOperationException();
    }

    /** Epoch of the last invalidation by prefix: what a load notes as it begins. */
    public long epoch() {
        throw new UnsupportedOperationException();
    }

    /** Whether what a load begun at that epoch brings would be dead by now. */
    public boolean isStale(Key key, long loadEpoch) {
        throw new UnsupportedOperationException();
    }

    /**
     * Makes a reader file for a client that is to map. Answers its number.
     *
     * @throws TiercelException OVERLOADED beyond the configured number of readers, NO_SPACE when the disk is full.
     */
    public int grantReader() {
        throw new UnsupportedOperationException();
    }

    /** Whether the client has taken the lock of its reader file: only then is it sent descriptors. */
    public boolean attachReader(int number) {
        throw new UnsupportedOperationException();
    }

    /** The client's session is over: its file goes as soon as its lock is free, its pins count until then. */
    public void releaseReader(int number) {
        throw new UnsupportedOperationException();
    }

    /** Bytes of the segments that a reader's leases keep from being reused. */
    public long readerPinnedBytes(int number) {
        throw new UnsupportedOperationException();
    }

    /** Keeps a frame's bytes as they are until {@link #unpin}. The view must be of the latest find or peek. */
    public Pinned pin(FrameView frame) {
        throw new UnsupportedOperationException();
    }

    /** Lets go of a pinned frame; a second time is counted and does nothing. */
    public void unpin(Pinned pinned) {
        throw new UnsupportedOperationException();
    }

    /** A bounded slice of what is due: prepared files, reclaim, sweeping, dead readers, clock. Answers a work count. */
    public int doWork(long nowNs) {
        throw new UnsupportedOperationException();
    }

    /** The counters now. */
    public TierSnapshot snapshot() {
        throw new UnsupportedOperationException();
    }

    /** Largest payload that is accepted. */
    public long maxFrame() {
        throw new UnsupportedOperationException();
    }

    /**
     * Forces everything to disk, marks the stop as clean, gives the directory up. Waits for nobody: a mapping that is
     * still written to or pinned in this process stays mapped, and its file is dropped. A second call does nothing.
     */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }

    /** Settings of a store. Not threadsafe; nothing changes after {@link #conclude()}. */
    public static final class Context {
        /** Least capacity of the mapped tier. */
        public static final long MIN_MAPPED_CAPACITY = 16L << 20;
        /** Default of {@link #maxReaders()}. */
        public static final int DEFAULT_MAX_READERS = 64;
        /** Default of {@link #maxPrefixes()}. */
        public static final int DEFAULT_MAX_PREFIXES = 65_536;

        private @Nullable Path dir;
        private long heapCapacity = 64L << 20;
        private long mappedCapacity = 1L << 30;
        private long maxFrame;
        private Clock clock = new NodeClock();
        private int maxReaders = DEFAULT_MAX_READERS;
        private int maxPrefixes = DEFAULT_MAX_PREFIXES;
        private boolean concluded;

        /** Checks the values; a bad one is refused as BAD_CONFIGURATION, never mended. */
        public Context conclude() {
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
            if (maxReaders < 0 || maxReaders > 65_536) {
                throw refused("maxReaders", maxReaders, "0 to 65536");
            }
            if (maxPrefixes < 1 || maxPrefixes > 1 << 24) {
                throw refused("maxPrefixes", maxPrefixes, "1 to " + (1 << 24));
            }
            if (maxFrame == 0) {
                maxFrame = Math.min(FrameDescriptor.MAX_PAYLOAD_LENGTH, mappedCapacity / 2);
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

        public Context dir(Path value) {
            changing();
            this.dir = value;
            return this;
        }

        /** Bytes of heap for images of small hot frames; 0 turns the tier off. Default 64 MiB. */
        public long heapCapacity() {
            return heapCapacity;
        }

        public Context heapCapacity(long bytes) {
            changing();
            this.heapCapacity = bytes;
            return this;
        }

        /** Bytes of segment files on disk. Default 1 GiB, least 16 MiB. */
        public long mappedCapacity() {
            return mappedCapacity;
        }

        public Context mappedCapacity(long bytes) {
            changing();
            this.mappedCapacity = bytes;
            return this;
        }

        /** Largest payload; default, written as 0, the smaller of 1 GiB and half of the mapped capacity. */
        public long maxFrame() {
            return maxFrame;
        }

        public Context maxFrame(long bytes) {
            changing();
            this.maxFrame = bytes;
            return this;
        }

        /** What the time is. */
        public Clock clock() {
            return clock;
        }

        public Context clock(Clock value) {
            changing();
            this.clock = value;
            return this;
        }

        /** Clients that may map at once. Default 64. */
        public int maxReaders() {
            return maxReaders;
        }

        public Context maxReaders(int count) {
            changing();
            this.maxReaders = count;
            return this;
        }

        /** Invalidated prefixes remembered one by one; beyond that they coalesce upwards. Default 65,536. */
        public int maxPrefixes() {
            return maxPrefixes;
        }

        public Context maxPrefixes(int count) {
            changing();
            this.maxPrefixes = count;
            return this;
        }
    }
}
