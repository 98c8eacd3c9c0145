package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import io.tiercel.mapped.ControlFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of invalidation goes through the filter that clients look into. */
class StoreFilterTest {
    @TempDir
    Path dir;

    @Test
    void shouldNoteAPrefix() {
        assertTouches(store -> store.invalidatePrefix(Key.of("a/b")), List.of("a/b", "a/b/c", "a/b/c/d"),
                List.of("a", "a/bc", "c"));
    }

    @Test
    void shouldNoteThatAllIsInvalidated() {
        assertTouches(TieredStore::invalidateAll, List.of("a", "a/b", "c"), List.of());
    }

    @Test
    void shouldNoteAChangeOfStores() {
        assertTouches(store -> store.replaceStores(List.of("a", "x"), List.of("a/kept")), List.of("a", "a/b", "x/y"),
                List.of("c"));
        assertTouches(store -> store.replaceStores(List.of(""), List.of()), List.of("a", "c"), List.of());
    }

    @Test
    void shouldKeepTheFilterFromOneNodeToTheNext() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.store.invalidatePrefix(Key.of("a"));
            long before = fixture.store.control().incarnationVolatile();

            fixture.reopen();

            assertThat(isUntouched(fixture.store, "a/b", 0)).isFalse();
            Key key = Key.of("a/b");
            assertThat(fixture.store.control().filterPlaces(key.buffer(), 0, key.length(), before)).isNull();
        }
    }

    private void assertTouches(Consumer<TieredStore> invalidation, List<String> touched, List<String> untouched) {
        try (StoreFixture fixture = new StoreFixture(dir.resolve(Long.toString(System.nanoTime())))) {
            long epoch = fixture.store.epoch();

            invalidation.accept(fixture.store);

            assertThat(fixture.store.control().invalidationEpochVolatile()).isEqualTo(epoch + 1);
            assertThat(touched).noneMatch(key -> isUntouched(fixture.store, key, epoch));
            assertThat(untouched).allMatch(key -> isUntouched(fixture.store, key, epoch));
            assertThat(touched).allMatch(key -> isUntouched(fixture.store, key, epoch + 1));
        }
    }

    private static boolean isUntouched(TieredStore store, String path, long sinceEpoch) {
        Key key = Key.of(path);
        ControlFile control = store.control();
        return control.isUntouched(Objects.requireNonNull(control.filterPlaces(key.buffer(), 0, key.length(), control
                .incarnationVolatile())), sinceEpoch);
    }
}
