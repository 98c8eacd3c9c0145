package io.tiercel.node;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.load.Mount;
import io.tiercel.load.MountTable;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountsTest {
    private static final long MAX_OBJECT = 1 << 20;

    @TempDir
    Path directory;

    private static MountSettings mount(String prefix, String store) {
        return MountSettings.of(prefix, StoreUri.read(store).uri(), MAX_OBJECT);
    }

    @Test
    void shouldOpenTheStoresThatTheSettingsSpell() {
        try (Mounts opened = Mounts.open(List.of(mount("c", "cache:"), mount("m", "memory:"),
                mount("f", "file://" + directory)), 100)) {
            MountTable mounts = opened.table();
            assertThat(List.of("c/x", "m/x", "f/x")).extracting(path -> requireNonNull(mounts.mountOf(path)).uri())
                    .containsExactly("cache:", "memory:", "file://" + directory);
            Mount memory = requireNonNull(mounts.mountOf("m"));
            assertThat(memory.isCacheOnly()).isFalse();
            assertThat(memory.store().name()).isEqualTo("memory:");
        }
    }

    @Test
    void shouldNameTheMountWhoseStoreCannotBe() {
        assertThatExceptionOfType(TiercelException.class)
                .isThrownBy(() -> Mounts.open(List.of(mount("m", "memory:"), mount("x", "nine://host/dir")), 100))
                .withMessageContaining("mount='x'").withMessageContaining("nine")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_CONFIGURATION));
    }
}
