package io.tiercel.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataNamesTest {
    private static final int ROUNDS = 2000;

    @Test
    void shouldLeavePlainNamesAndValuesAsOthersWriteThem() {
        Map<String, String> plain = Map.of("colour", "Dark Blue; x=1", "my_key-2.x", "100%");

        assertThat(MetadataNames.encode(plain)).isEqualTo(plain);
        assertThat(MetadataNames.decode(plain)).isEqualTo(plain);
    }

    @ParameterizedTest
    @CsvSource({"Colour, t..colour", "A.b, t..a..2eb", "a b, t.a..20b", "t.x, t.t..2ex", "x%, t.x..25"})
    void shouldWriteOtherNamesInPlainLetters(String name, String header) {
        assertThat(MetadataNames.encode(Map.of(name, "v"))).containsExactly(Map.entry(header, "v"));
        assertThat(MetadataNames.decode(Map.of(header, "v"))).containsExactly(Map.entry(name, "v"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " a", "a ", "a  b", "=?UTF-8?Q?x?=", "t%20", "t%", "%", "a%20b"})
    void shouldKeepValuesThatHeadersWouldChange(String value) {
        Map<String, String> encoded = MetadataNames.encode(Map.of("n", value));

        assertThat(encoded.get("n")).isNotEmpty().doesNotStartWith(" ").doesNotEndWith(" ").doesNotContain("  ")
                .doesNotStartWith("=?");
        assertThat(MetadataNames.decode(encoded)).containsExactly(Map.entry("n", value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.", "t..", "t...", "t..a..zz", "t...2", "t.plain", "t.a..61"})
    void shouldShowAsItStandsWhatOnlyLooksEncoded(String header) {
        assertThat(MetadataNames.decode(Map.of(header, "v"))).containsExactly(Map.entry(header, "v"));
    }

    @Test
    void shouldLeaveOutWhatNoWriteWouldTake() {
        Map<String, String> headers = new HashMap<>();
        headers.put("_own", "x");
        headers.put("text", "\u00e4");
        headers.put("kept", "x");
        headers.put("long", "x".repeat(2048));

        assertThat(MetadataNames.decode(headers)).containsExactly(Map.entry("kept", "x"));
    }

    @Test
    void shouldBringBackAnyNamesAndValues() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Map<String, String> metadata = new HashMap<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                String name = text(random, 1);
                if (!name.startsWith("_")) {
                    metadata.put(name, text(random, 0));
                }
            }

            Map<String, String> encoded = MetadataNames.encode(metadata);

            assertThat(encoded.keySet()).as("seed=%s", seed).allMatch(name -> name.matches("[a-z0-9._-]+"));
            assertThat(MetadataNames.decode(encoded)).as("seed=%s", seed).isEqualTo(metadata);
            assertThat(encoded.keySet().stream().map(name -> name.toLowerCase(Locale.ROOT)).distinct().count())
                    .as("seed=%s", seed).isEqualTo(metadata.size());
        }
    }

    private static String text(Random random, int least) {
        String signs = "aAbB.._-% t=?\"~!5f";
        StringBuilder text = new StringBuilder();
        for (int i = least + random.nextInt(6); i > 0; i--) {
            text.append(random.nextInt(5) == 0
                    ? (char) (' ' + random.nextInt(95))
                    : signs.charAt(random.nextInt(signs.length())));
        }
        return text.toString();
    }
}
