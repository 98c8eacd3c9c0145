package io.tiercel.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class KeyHasherTest {
    @Test
    void shouldHashBytesAndNotTheirPlace() {
        KeyHasher hasher = KeyHasher.seeded(7);
        for (int length = 1; length <= 1024; length++) {
            UnsafeBuffer here = new UnsafeBuffer(new byte[1024]);
            UnsafeBuffer there = new UnsafeBuffer(ByteBuffer.allocateDirect(2048));
            for (int i = 0; i < length; i++) {
                here.putByte(i, (byte) (i * 31 + length));
                there.putByte(i + 77, (byte) (i * 31 + length));
            }

            assertThat(hasher.hash(there, 77, length)).isEqualTo(hasher.hash(here, 0, length));
        }
    }

    @Test
    void shouldDependOnTheSeed() {
        UnsafeBuffer key = new UnsafeBuffer(new byte[]{1, 2, 3});

        assertThat(KeyHasher.seeded(1).hash(key, 0, 3)).isNotEqualTo(KeyHasher.seeded(2).hash(key, 0, 3));
    }

    @Test
    void shouldAllocateNothing() {
        KeyHasher hasher = KeyHasher.seeded(1);
        UnsafeBuffer key = new UnsafeBuffer(ByteBuffer.allocateDirect(1024));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (int i = 0; i < 20_000; i++) {
            sum += hasher.hash(key, 0, i % 1024 + 1);
        }

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 50_000; i++) {
            sum += hasher.hash(key, 0, i % 1024 + 1);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(sum).isNotZero();
        assertThat(allocated).isLessThan(5000);
    }
}
