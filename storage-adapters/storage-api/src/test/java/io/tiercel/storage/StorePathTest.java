package io.tiercel.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tiercel.storage.StorageException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StorePathTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"a/b|a/b", "/a/b/|a/b", "a//b|a/b", "./a/./b/.|a/b", "a\\b|a/b", "\\\\a|a",
        "a..b|a..b", "...|...", ".a|.a", "a./b|a./b"})
    void shouldNormalise(String spelled, String normal) {
        assertThat(StorePath.of(spelled)).hasToString(normal).isEqualTo(StorePath.of(normal))
                .hasSameHashCodeAs(StorePath.of(normal));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", ".", "./", ".//", "\\", "/./."})
    void shouldKnowEverySpellingOfTheRoot(String spelled) {
        StorePath path = StorePath.of(spelled);

        assertThat(path.isRoot()).isTrue();
        assertThat(path).isEqualTo(StorePath.ROOT);
        assertThat(path.parent()).isNull();
        assertThat(path.segmentCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "a/..", "../a", "a/../b", "a\\..\\b", "a\0b", "\0"})
    void shouldRefuseWhatStepsOutOrHoldsNul(String spelled) {
        assertThatExceptionOfType(StorageException.class).isThrownBy(() -> StorePath.of(spelled))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_PATH))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\0"));
    }

    @Test
    void shouldTakeAPathApart() {
        StorePath path = StorePath.of("a/b/c.txt");

        assertThat(path.name()).isEqualTo("c.txt");
        assertThat(path.firstSegment()).isEqualTo("a");
        assertThat(path.parent()).isEqualTo(StorePath.of("a/b"));
        assertThat(path.segmentCount()).isEqualTo(3);
        assertThat(StorePath.of("a").parent()).isEqualTo(StorePath.ROOT);
    }

    @Test
    void shouldPutPathsTogether() {
        assertThat(StorePath.ROOT.child("a").child("b")).isEqualTo(StorePath.of("a/b"));
        assertThat(StorePath.of("a").resolve(StorePath.of("b/c"))).isEqualTo(StorePath.of("a/b/c"));
        assertThat(StorePath.ROOT.resolve(StorePath.of("b"))).isEqualTo(StorePath.of("b"));
        assertThat(StorePath.of("a").resolve(StorePath.ROOT)).isEqualTo(StorePath.of("a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a\\b", "a\0"})
    void shouldRefuseAChildThatIsNoSegment(String name) {
        assertThat(StorePath.isSegment(name)).isFalse();
        assertThatExceptionOfType(StorageException.class).isThrownBy(() -> StorePath.of("x").child(name));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"data/x|data|true", "data|data|true", "dataset/x|data|false",
        "data|data/x|false", "x|''|true", "''|''|true", "''|x|false"})
    void shouldCoverByWholeSegments(String path, String folder, boolean covered) {
        assertThat(StorePath.of(path).isCoveredBy(StorePath.of(folder))).isEqualTo(covered);
    }
}
