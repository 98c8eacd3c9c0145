package io.tiercel.arrow;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;

/** Prints, for each of two files, what opening it and reading its first value allocates, on the heap and beside it. */
final class CostMain {
    private static final int ROUND_COUNT = 200;

    private CostMain() {}

    /** Takes a file without and one with much in it. */
    public static void main(String[] args) {
        LentBytes small = LentBytes.map(Path.of(args[0]));
        LentBytes large = LentBytes.map(Path.of(args[1]));
        try (BufferAllocator allocator = new RootAllocator()) {
            Cost smallCost = new Cost(allocator, small);
            Cost largeCost = new Cost(allocator, large);
            for (int round = 0; round < ROUND_COUNT; round++) {
                smallCost.measure();
                largeCost.measure();
            }
            System.out.println("small " + smallCost);
            System.out.println("large " + largeCost);
        }
    }

    /** The least of all rounds: what a compiler at work adds is not the reader's. */
    private static final class Cost {
        private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        private final BufferAllocator allocator;
        private final LentBytes lent;
        private long heapLength = Long.MAX_VALUE;
        private long besideLength = Long.MAX_VALUE;
        private long elapsedNs = Long.MAX_VALUE;

        Cost(BufferAllocator allocator, LentBytes lent) {
            this.allocator = allocator;
            this.lent = lent;
        }

        void measure() {
            long before = threads.getCurrentThreadAllocatedBytes();
            long startNs = System.nanoTime();
            try (ArrowFrame arrow = lent.open(new ArrowFrame.Context().allocator(allocator))) {
                arrow.next();
                if (((BigIntVector) arrow.root().getVector("id")).get(0) != 0) {
                    throw new IllegalStateException("another value than was written");
                }
                besideLength = Math.min(besideLength, allocator.getAllocatedMemory() - lent.length());
            }
            elapsedNs = Math.min(elapsedNs, System.nanoTime() - startNs);
            heapLength = Math.min(heapLength, threads.getCurrentThreadAllocatedBytes() - before);
        }

        /** Bytes on the heap, bytes of the allocator beside the frame, nanoseconds, bytes of the frame. */
        @Override
        public String toString() {
            return heapLength + " " + besideLength + " " + elapsedNs + " " + lent.length();
        }
    }
}
