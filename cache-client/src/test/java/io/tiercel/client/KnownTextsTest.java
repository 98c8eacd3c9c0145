package io.tiercel.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class KnownTextsTest {
    private final KnownTexts texts = new KnownTexts();

    @Test
    void shouldGiveTheSameObjectForTheSameBytes() {
        String first = texts.of(bytes("\"0123456789abcdef\""));

        assertThat(texts.of(bytes("\"0123456789abcdef\""))).isSameAs(first).isEqualTo("\"0123456789abcdef\"");
    }

    /** Few letters, so that many differ in one word alone, or share a place. */
    @Test
    void shouldNeverTakeOneTextForAnother() {
        SplittableRandom random = new SplittableRandom(8740);
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(70);
            while (text.length() < length) {
                text.append(random.nextInt(8) == 0 ? 'ü' : 'a');
            }

            assertThat(texts.of(bytes(text.toString()))).isEqualTo(text.toString());
        }
    }

    private static UnsafeBuffer bytes(String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }
}
