package io.tiercel.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tiercel.storage.memory.MemoryStorage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransferTest {
    private static final StorePath FROM = StorePath.of("a/from");
    private static final StorePath TO = StorePath.of("b/to");

    private final MemoryStorage source = new MemoryStorage("source", 10_000_000);
    private final MemoryStorage target = new MemoryStorage("target", 10_000_000);

    @AfterEach
    void closeStores() {
        source.close();
        target.close();
    }

    @Test
    void shouldCarryBytesTypeAndMetadataAndTellHowFarItIs() {
        WriteOptions options = WriteOptions.CREATE.contentType("text/plain").userMetadata(Map.of("k", "v"));
        source.write(FROM, ByteBuffer.allocate(1_000_000), options);
        List<Long> progress = new ArrayList<>();

        WriteResult result = Transfer.copy(source, FROM, target, TO, WriteOptions.CREATE, progress::add);

        assertThat(result.info().length()).isEqualTo(1_000_000);
        assertThat(target.info(TO).contentType()).isEqualTo("text/plain");
        assertThat(target.info(TO).userMetadata()).containsEntry("k", "v");
        assertThat(progress).isSorted().hasSizeGreaterThan(2).endsWith(1_000_000L);
    }

    @Test
    void shouldLookAtTheTargetBeforeItReads() {
        target.write(TO, ByteBuffer.allocate(1), WriteOptions.CREATE);

        // The source is missing as well: that would come to light by reading.
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> Transfer.copy(source, FROM, target, TO, WriteOptions.CREATE, count -> {}))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(StorageException.Kind.ALREADY_EXISTS))
                .satisfies(e -> assertThat(e.store()).isEqualTo("target"));
    }

    @Test
    void shouldNameTheStoreThatFailed() {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> Transfer.copy(source, FROM, target, TO, WriteOptions.REPLACE, count -> {}))
                .satisfies(e -> assertThat(e.store()).isEqualTo("source"));
    }
}
