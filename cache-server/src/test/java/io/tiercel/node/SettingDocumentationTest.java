package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingDocumentationTest {
    private static final Path PAGE = Path.of(System.getProperty("tiercel.root", ".."), "docs", "configuration.md");

    @Test
    void shouldDocumentEverySettingAsItIsAndNoOther() throws IOException {
        List<String> expected = Arrays.stream(Setting.values()).map(SettingDocumentationTest::row).toList();

        List<String> rows = Files.readAllLines(PAGE).stream().filter(line -> line.startsWith("| `")).toList();

        assertThat(rows).isEqualTo(expected);
    }

    private static String row(Setting setting) {
        return "| `" + setting.key() + "` | " + (setting.option().isEmpty() ? "" : "`--" + setting.option() + "`")
                + " | " + setting.defaultText() + " | " + setting.range() + " | " + setting.reason() + " |";
    }
}
