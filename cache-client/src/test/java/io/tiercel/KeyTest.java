package io.tiercel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTest {
    @ParameterizedTest
    @CsvSource({"a/b,a/b", "/a/b/,a/b", "a//b,a/b", "./a/./b/.,a/b", "a\\b,a/b", "\\\\a,a", "a/...,a/...", "a/.b,a/.b",
        "ä/日本,ä/日本", "a b,a b", "%2e%2e/a,%2e%2e/a"})
    void shouldNormaliseSpellings(String spelled, String path) {
        assertThat(Key.of(spelled)).hasToString(path).isEqualTo(Key.of(path)).hasSameHashCodeAs(Key.of(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "//", ".", "./.", "..", "a/..", "../a", "a\\..\\b", "a\nb", "a\u0000b", "a\u007fb",
        "\u0085", "\ud800", "a/\udc00b"})
    void shouldRefuseWhatIsNoPath(String spelled) {
        assertThat(Key.tryOf(spelled)).isNull();
        assertThatThrownBy(() -> Key.of(spelled)).isInstanceOfSatisfying(TiercelException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.INVALID_KEY);
            assertThat(e.getMessage()).startsWith("key is ").doesNotContain("\n");
        });
    }

    @Test
    void shouldBoundTheLengthInBytes() {
        assertThat(Key.of("x".repeat(1024)).length()).isEqualTo(1024);
        assertThat(Key.tryOf("x".repeat(1025))).isNull();
        assertThat(Key.of("ä".repeat(512)).length()).isEqualTo(1024);
        assertThat(Key.tryOf("ä".repeat(513))).isNull();
        assertThat(Key.tryOf("x".repeat(65_536))).isNull();
    }

    @Test
    void shouldReadStrictUtf8() {
        byte[] text = "xa//ä".getBytes(StandardCharsets.UTF_8);
        assertThat(Key.ofUtf8(new UnsafeBuffer(text), 1, text.length - 1)).hasToString("a/ä");

        for (byte[] bad : new byte[][]{{(byte) 0xC0, (byte) 0xAF}, {(byte) 0xFF}, {'a', (byte) 0xE2, (byte) 0x82},
            {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, new byte[5000], {}}) {
            assertThatThrownBy(() -> Key.ofUtf8(new UnsafeBuffer(bad), 0, bad.length))
                    .as("%s", Arrays.toString(Arrays.copyOf(bad, Math.min(4, bad.length))))
                    .isInstanceOfSatisfying(TiercelException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_KEY));
        }
        assertThatThrownBy(() -> Key.ofUtf8(new UnsafeBuffer(new byte[4]), 0, -1)).isInstanceOfSatisfying(
                TiercelException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_KEY));
    }

    @Test
    void shouldCoverByWholeSegments() {
        assertThat(Key.of("a/b").isCoveredBy(Key.of("a/b"))).isTrue();
        assertThat(Key.of("a/b/c").isCoveredBy(Key.of("a/b"))).isTrue();
        assertThat(Key.of("a/bc").isCoveredBy(Key.of("a/b"))).isFalse();
        assertThat(Key.of("a").isCoveredBy(Key.of("a/b"))).isFalse();
    }

    @Test
    void shouldOrderByUnsignedBytes() {
        assertThat(Key.of("z")).isLessThan(Key.of("ä"));
        assertThat(Key.of("a")).isLessThan(Key.of("a/b"));
    }

    @Test
    void shouldDeriveKeysThatNobodyCanSpell() {
        Key page = Objects.requireNonNull(Key.derived("a/b", "page 1"));

        assertThat(page.isDerived()).isTrue();
        assertThat(page.isCoveredBy(Key.of("a/b"))).isTrue();
        assertThat(page.isCoveredBy(Key.of("a/bc"))).isFalse();
        assertThat(page).isEqualTo(Key.derived("a/b", "page 1")).isNotEqualTo(Key.derived("a", "b/page 1"));
        assertThat(Key.tryOf(page.toString())).isNull();
        assertThat(Key.of("a/b").isDerived()).isFalse();
    }

    @Test
    void shouldDeriveNoKeyThatIsTooLong() {
        assertThat(Key.derived("", "listing")).hasToString("\u0001listing");
        assertThat(Key.derived("a".repeat(Key.MAX_LENGTH - 3), "b")).isNotNull();
        assertThat(Key.derived("a".repeat(Key.MAX_LENGTH - 2), "b")).isNull();
    }
}
