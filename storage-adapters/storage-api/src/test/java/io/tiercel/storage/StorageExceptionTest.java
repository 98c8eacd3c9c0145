package io.tiercel.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.StorageException.Kind;
import org.junit.jupiter.api.Test;

class StorageExceptionTest {
    @Test
    void shouldSayEverythingInOneLine() {
        StorageException e = StorageException.of(Kind.CAPABILITY_NOT_SUPPORTED).store("http://host/x")
                .path(StorePath.of("a/b")).capability(Capability.WRITE).because("read-only").build();

        assertThat(e).hasMessage("not supported: WRITE: read-only, path='a/b', store=http://host/x");
    }

    @Test
    void shouldEscapeControlCharactersAndCutLongPaths() {
        StorageException e = StorageException.of(Kind.NOT_FOUND).path(StorePath.of("a\nb" + "x".repeat(5000)))
                .build();

        assertThat(e.getMessage()).contains("a\\u000ab").hasSizeLessThan(300).doesNotContain("\n");
        assertThat(e.path()).hasSize(5003);
    }

    @Test
    void shouldKeepTheCauseOutOfTheMessage() {
        StorageException e = StorageException.of(Kind.UNAVAILABLE).cause(new IllegalStateException("hunter2")).build();

        assertThat(e).hasMessage("unavailable").hasRootCauseMessage("hunter2");
    }
}
