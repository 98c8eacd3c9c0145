package io.tiercel.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.StorePath;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a read costs the thread that makes it. */
@Timeout(value = 900, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SftpCostTest {
    private static final long MIB = 1024 * 1024;
    private static final long LENGTH = Boolean.getBoolean("tiercel.full") ? 1024 * MIB : 64 * MIB;
    /** The bytes cost nothing; a request of 128 KiB costs 1.2 KiB, most of it in the library: 9.5 MiB a GiB. */
    private static final long MAX_ALLOCATED = 4 * MIB + LENGTH / 64;

    @TempDir(factory = MemoryFolder.class)
    Path directory;

    @TempDir
    Path keys;

    private final StorageProviders providers = StorageProviders.load();
    private SftpServer server;

    @BeforeEach
    void startServer() throws Exception {
        server = OpenSshServer.isInstalled() ? OpenSshServer.start(keys) : MinaServer.start(keys);
        try (RandomAccessFile file = new RandomAccessFile(directory.resolve("large").toFile(), "rw")) {
            file.setLength(LENGTH);
        }
    }

    @AfterEach
    void stopServer() throws IOException {
        providers.close();
        server.close();
    }

    @Test
    void shouldReadALargeObjectWithLittleMemory() {
        ByteBuffer target = ByteBuffer.allocateDirect((int) MIB);
        try (StorageAdapter store = providers.open(server.uri(directory))) {
            readAll(store, target);

            long before = allocated();
            long length = readAll(store, target);
            long bytes = allocated() - before;

            assertThat(length).isEqualTo(LENGTH);
            assertThat(bytes).as("allocated by the reading thread for %s bytes", LENGTH).isLessThan(MAX_ALLOCATED);
        }
    }

    private static long readAll(StorageAdapter store, ByteBuffer target) {
        long length = 0;
        try (ObjectRead read = store.open(StorePath.of("large"))) {
            for (int count = read.read(target); count >= 0; count = read.read(target)) {
                length += count;
                target.clear();
            }
        }
        return length;
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
