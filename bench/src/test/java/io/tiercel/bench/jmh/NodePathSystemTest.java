package io.tiercel.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NodePathSystemTest {
    private static final int PAYLOAD_LENGTH = 1024 * 1024;
    private static final int READ_COUNT = 10_000;

    @Test
    void shouldAllocateNothingForARepeatRead() {
        try (NodePath path = NodePath.mapped(new Keyspace(4), PAYLOAD_LENGTH)) {
            allocatedBytes(path); // classes, call sites

            long bytes = allocatedBytes(path);

            // The compiler's own doing may show, a hundred bytes or a thousand; an object a read would be 16 a read.
            assertThat(bytes).isLessThan(READ_COUNT);
        }
    }

    /** Of this thread, for some reads, all of which must hit. */
    private static long allocatedBytes(NodePath path) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        HitCount hits = new HitCount();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < READ_COUNT; i++) {
            hits.count(path.read());
        }
        long after = threads.getCurrentThreadAllocatedBytes();
        hits.requireAllHits();
        return after - before;
    }
}
