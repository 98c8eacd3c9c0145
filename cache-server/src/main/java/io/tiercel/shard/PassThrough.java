package io.tiercel.shard;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Heap memory for objects that are handed on without being kept, within a bound: who finds none waits in turn. Single
 * writer: shard agent.
 */
final class PassThrough {
    /** Most that all of them take together, so that a node whose segments are pinned stays as small as it was. */
    private static final long MOST_BYTES = 64L << 20;
    private static final int PART_OF_HEAP = 8;

    /** What waits for memory. */
    private record Waiting(Load load, long bytes, Runnable granted) {}

    private final long limit;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private long used;

    PassThrough() {
        this(Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / PART_OF_HEAP));
    }

    PassThrough(long limit) {
        this.limit = limit;
    }

    long limit() {
        return limit;
    }

    /** Bytes in use. */
    long used() {
        return used;
    }

    /** Runs something with so many bytes granted, at most the limit: now, or when others have let go of theirs. */
    void acquire(Load load, long bytes, Runnable granted) {
        if (waiting.isEmpty() && used + bytes <= limit) {
            used += bytes;
            granted.run();
        } else {
            waiting.add(new Waiting(load, bytes, granted));
        }
    }

    /** The load waits no longer; answers whether it did. */
    boolean cancel(Load load) {
        return waiting.removeIf(one -> one.load == load);
    }

    /** Gives bytes back; who waits longest has them next. */
    void release(long bytes) {
        used -= bytes;
        for (Waiting next = waiting.peek(); next != null && used + next.bytes <= limit; next = waiting.peek()) {
            waiting.remove();
            used += next.bytes;
            next.granted.run();
        }
    }
}
