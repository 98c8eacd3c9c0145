package io.tiercel.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryStorageTest {
    private static final int CAPACITY = 1_000_000;

    private final MemoryStorage store = new MemoryStorage("memory:", CAPACITY);

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void shouldRefuseMoreThanItsCapacityAndStayAsItWas() {
        store.write(StorePath.of("a"), ByteBuffer.allocate(600_000), WriteOptions.CREATE);

        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> store.write(StorePath.of("b"), ByteBuffer.allocate(600_000), WriteOptions.CREATE))
                .withMessageContaining("capacity=" + CAPACITY)
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));

        assertThat(store.usedBytes()).isEqualTo(600_000);
        store.write(StorePath.of("b"), ByteBuffer.allocate(400_000), WriteOptions.CREATE);
        assertThat(store.usedBytes()).isEqualTo(CAPACITY);
    }

    @Test
    void shouldGiveBackTheBytesOfWhatWasReplacedOrRemoved() {
        store.write(StorePath.of("d/a"), ByteBuffer.allocate(1000), WriteOptions.CREATE);
        store.write(StorePath.of("d/a"), ByteBuffer.allocate(10), WriteOptions.REPLACE);
        store.write(StorePath.of("d/b"), ByteBuffer.allocate(500), WriteOptions.CREATE);
        store.write(StorePath.of("d/c/e"), ByteBuffer.allocate(300), WriteOptions.CREATE);
        assertThat(store.usedBytes()).isEqualTo(810);

        store.delete(StorePath.of("d/b"), false);
        assertThat(store.usedBytes()).isEqualTo(310);

        store.deleteRecursively(StorePath.of("d"));
        assertThat(store.usedBytes()).isZero();
    }

    @Test
    void shouldNotBelieveAClaimedLength() {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> store.write(StorePath.of("a"),
                        Channels.newChannel(new ByteArrayInputStream(new byte[10])), Long.MAX_VALUE,
                        WriteOptions.CREATE))
                .withMessageContaining("after 10 of");

        assertThat(store.usedBytes()).isZero();
    }

    @Test
    void shouldKeepTheContentTypeAndAnEtagOfTheBytes() {
        WriteOptions options = WriteOptions.REPLACE.contentType("text/plain");
        ObjectInfo first = store.write(StorePath.of("a"), ByteBuffer.wrap(new byte[]{1, 2}), options).info();
        ObjectInfo second = store.write(StorePath.of("b"), ByteBuffer.wrap(new byte[]{1, 2}), options).info();

        assertThat(store.info(StorePath.of("a")).contentType()).isEqualTo("text/plain");
        assertThat(second.etag()).isEqualTo(first.etag());
        assertThat(first.isRacilyClean()).isFalse();
    }
}
