package io.tiercel.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonWriterTest {
    @Test
    void shouldPlaceCommasByItself() {
        JsonWriter out = new JsonWriter();

        out.beginObject().field("a", 1).field("b", true).field("c", "x").beginObject("d").endObject().beginArray("e")
                .value("y").beginObject().field("f", -1L).endObject().value(null).endArray().field("g", (String) null)
                .endObject();

        assertThat(out.toString())
                .isEqualTo("{\"a\":1,\"b\":true,\"c\":\"x\",\"d\":{},\"e\":[\"y\",{\"f\":-1},null],\"g\":null}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // code points in hex, the JSON string
        "61 | \"a\"", //
        "22 5c 2f | \"\\\"\\\\/\"", //
        "0a 0d 09 00 1f | \"\\n\\r\\t\\u0000\\u001f\"", //
        "7f 85 2028 | \"\\u007f\\u0085\\u2028\"", //
        "e9 1f600 | \"\u00e9\uD83D\uDE00\"", //
        "d800 61 dc00 | \"\uFFFDa\uFFFD\""})
    void shouldEscapeWhatWouldBreakTheText(String codePoints, String json) {
        StringBuilder text = new StringBuilder();
        for (String codePoint : codePoints.strip().split(" ", -1)) {
            text.appendCodePoint(Integer.parseInt(codePoint, 16));
        }

        assertThat(new JsonWriter().value(text.toString()).toString()).isEqualTo(json);
    }
}
