package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TieredStoreTest {
    @TempDir
    Path dir;

    @Test
    void shouldServeWhatWasPublished() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            assertThat(fixture.put("a/b", "hello")).isTrue();

            assertThat(fixture.get("a/b")).isEqualTo("hello");
            assertThat(fixture.view.tier()).isEqualTo(Tier.MAPPED);
            assertThat(fixture.view.contentType()).isEqualTo("text/plain");
            assertThat(fixture.get("a/bc")).isNull();
        }
    }

    @Test
    void shouldServeAfterACleanRestart() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a/b", "hello");

            fixture.reopen();

            assertThat(fixture.get("a/b")).isEqualTo("hello");
        }
    }
}
