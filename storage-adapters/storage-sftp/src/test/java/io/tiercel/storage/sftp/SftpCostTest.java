package io.tiercel.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.contract.Transfers;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What large reads and writes allocate: on all threads where the server is a process of its own, else on the calling one.
 */
@Timeout(value = 900, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SftpCostTest {
    private static final long MIB = 1024 * 1024;
    private static final long LENGTH = Boolean.getBoolean("tiercel.full") ? 1024 * MIB : 64 * MIB;
    /** The bytes cost nothing; each packet does, most of it in the library: a GiB some 30 MiB read, 56 written. */
    private static final long MAX_READ = 6 * MIB + LENGTH / 24;
    private static final long MAX_WRITTEN = 6 * MIB + LENGTH / 14;

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

    /** Which way an object is carried, and how much that may allocate. */
    enum Way {
        READ(MAX_READ) {
            @Override
            long carry(StorageAdapter store, ByteBuffer target) {
                try (ObjectRead read = store.open(StorePath.of("large"))) {
                    return Transfers.drain(read, target);
                }
            }
        },
        WRITE(MAX_WRITTEN) {
            @Override
            long carry(StorageAdapter store, ByteBuffer target) {
                return store.write(StorePath.of("written"), Transfers.zeros(LENGTH), LENGTH, WriteOptions.REPLACE)
                        .info().length();
            }
        };

        private final long maxAllocated;

        Way(long maxAllocated) {
            this.maxAllocated = maxAllocated;
        }

        /** Answers how many bytes went. */
        abstract long carry(StorageAdapter store, ByteBuffer target);
    }

    @ParameterizedTest
    @EnumSource
    void shouldCarryALargeObjectWithLittleMemory(Way way) {
        ByteBuffer target = ByteBuffer.allocateDirect((int) MIB);
        try (StorageAdapter store = providers.open(server.uri(directory))) {
            way.carry(store, target);

            long before = allocated();
            long length = way.carry(store, target);
            long allocated = allocated() - before;

            System.out.printf("%s: %d bytes allocated for %d%n", way, allocated, LENGTH);
            assertThat(length).isEqualTo(LENGTH);
            assertThat(allocated).as("allocated to %s %s bytes", way, LENGTH).isLessThan(way.maxAllocated);
        }
    }

    private static long allocated() {
        return OpenSshServer.isInstalled()
                ? Transfers.allocatedByAllThreads()
                : Transfers.allocatedByThisThread();
    }
}
