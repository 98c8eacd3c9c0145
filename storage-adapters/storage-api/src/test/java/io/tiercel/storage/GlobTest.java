package io.tiercel.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({"*, a", "*, a.b", "*.txt, .txt", "a*c, ac", "a*c, abbc", "a*b*c, aXbYbZc", "?, a", "a?c, abc",
        "?, \uD83E\uDD85", "[abc], b", "[a-c]x, bx", "[!a-c]x, dx", "[a-], -", "[]a], ]", "[!]a], b", "[, [",
        "a[b, a[b",
        "[!, [!", "[], []", "**, a", "**, a/b/c", "a/**, a/b", "a/**, a/b/c", "**/x, x", "**/x, a/b/x", "a/**/x, a/x",
        "a/**/x, a/b/c/x", "a/**/b/**/c, a/b/c", "a/**/b/**/c, a/1/b/b/2/c", "**/a*/**, q/ab/c/d", "a//./b, a/b",
        "a.b, a.b",
        "*a*a*a*, aaa", "[\uD83E\uDD80-\uD83E\uDD8F], \uD83E\uDD85"})
    void shouldMatch(String pattern, String path) {
        assertThat(Glob.of(pattern).matches(StorePath.of(path))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"*, a/b", "a*c, abd", "a*c, ab/c", "?, ab", "?, ''", "a?c, a/c", "[abc], d", "[!abc], a", "[a-c], '-'",
        "a/**, a", "a/**, ab/c", "**/x, ax", "a/**/x, ax", "a/**/x, a/b", "a/b, a/b/c", "a/b, a", "A, a", "a.b, axb",
        "[!a], b/c", "**/x/y, x/z/y", "*a*a*a*, aa", "a*, ba"})
    void shouldNotMatch(String pattern, String path) {
        assertThat(Glob.of(pattern).matches(StorePath.of(path))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"a/b/*.txt, a/b, 0", "a/*/c, a, 1", "a/**, a, 2147483647", "**/x, '', 2147483647", "a/b/c, a/b, 0",
        "*, '', 0", "a?/b/c, '', 2", "a[b/c, a[b, 0"})
    void shouldKnowWhereToLookAndHowDeep(String pattern, String literal, int depth) {
        assertThat(Glob.of(pattern).literalPrefix()).isEqualTo(StorePath.of(literal));
        assertThat(Glob.of(pattern).depth()).isEqualTo(depth);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a**", "**b/c", "x/a**b", "***"})
    void shouldRefuseTwoStarsThatAreNoWholeSegment(String pattern) {
        assertThatIllegalArgumentException().isThrownBy(() -> Glob.of(pattern)).withMessageContaining(pattern);
    }

    @Test
    void shouldRefuseWhatNoPathCanBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> Glob.of("/"));
        assertThatExceptionOfType(StorageException.class).isThrownBy(() -> Glob.of("a/../*"));
    }

    /** A backtracking matcher takes longer than anybody waits for it. */
    @Test
    void shouldMatchHostilePatternsInBoundedSteps() {
        String name = "a".repeat(500);
        Glob runs = Glob.of("*a".repeat(400) + "b");
        Glob depths = Glob.of("**/a/".repeat(50) + "b");

        assertThat(runs.matches(StorePath.of(name))).isFalse();
        assertThat(depths.matches(StorePath.of("a/".repeat(500) + "c"))).isFalse();
    }
}
