package io.tiercel.storage.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.contract.Transfers;
import java.nio.ByteBuffer;
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
            store.write(PATH, Transfers.zeros(MIB), MIB, WriteOptions.REPLACE);
            drain(store, target);

            long before = Transfers.allocatedByThisThread();
            store.write(PATH, Transfers.zeros(LENGTH), LENGTH, WriteOptions.REPLACE);
            long length = drain(store, target);
            long allocated = Transfers.allocatedByThisThread() - before;

            System.out.printf("transfer of %d MiB: %d KiB of heap there and back%n", LENGTH / MIB, allocated / 1024);
            assertThat(length).isEqualTo(LENGTH);
            assertThat(allocated).isLessThan(MAX_ALLOCATED);
        }
    }

    private static long drain(StorageAdapter store, ByteBuffer target) {
        try (ObjectRead read = store.open(PATH)) {
            return Transfers.drain(read, target);
        }
    }
}
