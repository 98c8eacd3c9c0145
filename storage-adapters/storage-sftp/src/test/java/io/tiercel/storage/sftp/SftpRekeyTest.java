package io.tiercel.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Packets that are sent where they lie and used again, on a connection that changes its keys meanwhile. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SftpRekeyTest {
    private static final int LENGTH = 24 * 1024 * 1024;
    private static final long SEED = 20_261;

    @TempDir(factory = MemoryFolder.class)
    Path directory;

    @TempDir
    Path keys;

    @Test
    void shouldCarryExactBytesWhileKeysChange() throws Exception {
        byte[] bytes = new byte[LENGTH];
        new Random(SEED).nextBytes(bytes);

        try (StorageProviders providers = StorageProviders.load();
                OpenSshServer server = OpenSshServer.start(keys, "RekeyLimit 1M");
                StorageAdapter store = providers.open(server.uri(directory))) {
            store.write(StorePath.of("object"), ByteBuffer.wrap(bytes), WriteOptions.CREATE);

            assertThat(read(store)).as("seed=%s", SEED).isEqualTo(bytes);
        }
    }

    private static byte[] read(StorageAdapter store) {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
        try (ObjectRead read = store.open(StorePath.of("object"))) {
            int count = 0;
            while (count >= 0 && bytes.hasRemaining()) {
                count = read.read(bytes);
            }
        }
        return bytes.array();
    }
}
