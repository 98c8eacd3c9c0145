package io.tiercel.storage.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What it costs the calling thread to carry an object to a disk and back: its bytes are never on the heap. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LocalTransferFiguresTest {
    private static final int MIB = 1024 * 1024;
    private static final int LENGTH = Boolean.getBoolean("tiercel.full") ? 1024 * MIB : 64 * MIB;
    private static final long MAX_ALLOCATED = Boolean.getBoolean("tiercel.full") ? 4 * MIB : MIB;
    private static final StorePath PATH = StorePath.of("large");

    @TempDir
    Path directory;

    @Test
    void shouldAllocateNoBodyInATransfer() {
        ByteBuffer target = ByteBuffer.allocateDirect(MIB);
        try (StorageProviders providers = StorageProviders.load();
                StorageAdapter store = providers.open("file://" + directory)) {
            store.write(PATH, new Zeros(MIB), MIB, WriteOptions.REPLACE);
            drain(store, target);

            long before = allocated();
            store.write(PATH, new Zeros(LENGTH), LENGTH, WriteOptions.REPLACE);
            long length = drain(store, target);
            long allocated = allocated() - before;

            System.out.printf("transfer of %d MiB: %d KiB of heap there and back%n", LENGTH / MIB, allocated / 1024);
            assertThat(length).isEqualTo(LENGTH);
            assertThat(allocated).isLessThan(MAX_ALLOCATED);
        }
    }

    private static long drain(StorageAdapter store, ByteBuffer target) {
        long length = 0;
        try (ObjectRead read = store.open(PATH)) {
            for (int count = read.read(target.clear()); count >= 0; count = read.read(target.clear())) {
                length += count;
            }
        }
        return length;
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    /** So many bytes that cost nothing. Not threadsafe. */
    private static final class Zeros implements ReadableByteChannel {
        private int rest;

        private Zeros(int length) {
            this.rest = length;
        }

        @Override
        public int read(ByteBuffer target) {
            if (rest == 0) {
                return -1;
            }
            int count = Math.min(rest, target.remaining());
            target.position(target.position() + count);
            rest -= count;
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
