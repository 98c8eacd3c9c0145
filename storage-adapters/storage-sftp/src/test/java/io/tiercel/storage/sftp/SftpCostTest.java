package io.tiercel.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void shouldReadALargeObjectWithLittleMemory() {
        ByteBuffer target = ByteBuffer.allocateDirect((int) MIB);
        try (StorageAdapter store = providers.open(server.uri(directory))) {
            readAll(store, target);

            long before = allocated();
            long length = readAll(store, target);
            long bytes = allocated() - before;

            System.out.printf("read: %d bytes allocated for %d%n", bytes, LENGTH);
            assertThat(length).isEqualTo(LENGTH);
            assertThat(bytes).as("allocated to read %s bytes", LENGTH).isLessThan(MAX_READ);
        }
    }

    @Test
    void shouldWriteALargeObjectWithLittleMemory() {
        ByteBuffer bytes = ByteBuffer.allocateDirect((int) MIB);
        try (StorageAdapter store = providers.open(server.uri(directory))) {
            writeAll(store, bytes);

            long before = allocated();
            long length = writeAll(store, bytes);
            long allocated = allocated() - before;

            System.out.printf("write: %d bytes allocated for %d%n", allocated, LENGTH);
            assertThat(length).isEqualTo(LENGTH);
            assertThat(allocated).as("allocated to write %s bytes", LENGTH).isLessThan(MAX_WRITTEN);
        }
    }

    private static long writeAll(StorageAdapter store, ByteBuffer bytes) {
        return store.write(StorePath.of("written"), new Repeated(bytes, LENGTH), LENGTH, WriteOptions.REPLACE).info()
                .length();
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
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return OpenSshServer.isInstalled()
                ? threads.getTotalThreadAllocatedBytes()
                : threads.getCurrentThreadAllocatedBytes();
    }

    /** A source that gives one buffer again and again. Not threadsafe. */
    private static final class Repeated implements ReadableByteChannel {
        private final ByteBuffer bytes;
        private long rest;

        private Repeated(ByteBuffer bytes, long length) {
            this.bytes = bytes;
            this.rest = length;
        }

        @Override
        public int read(ByteBuffer target) {
            if (rest == 0) {
                return -1;
            }
            if (!bytes.hasRemaining()) {
                bytes.clear();
            }
            int count = (int) Math.min(rest, Math.min(target.remaining(), bytes.remaining()));
            target.put(target.position(), bytes, bytes.position(), count).position(target.position() + count);
            bytes.position(bytes.position() + count);
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
