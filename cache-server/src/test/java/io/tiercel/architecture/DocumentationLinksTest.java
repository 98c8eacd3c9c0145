package io.tiercel.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links between the documents lead somewhere. */
class DocumentationLinksTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");

    @Test
    void shouldLeadToFilesThatExist() throws IOException {
        Path root = Path.of(System.getProperty("tiercel.root"));
        List<String> dead = new ArrayList<>();
        List<Path> documents = documents(root);
        for (Path document : documents) {
            Matcher link = LINK.matcher(Files.readString(document));
            while (link.find()) {
                String target = link.group(1);
                if (!target.contains("://") && !Files.exists(document.resolveSibling(target))) {
                    dead.add(root.relativize(document) + " -> " + target);
                }
            }
        }

        assertThat(documents).hasSizeGreaterThan(5);
        assertThat(dead).isEmpty();
    }

    private static List<Path> documents(Path root) throws IOException {
        try (Stream<Path> below = Files.walk(root.resolve("docs"));
                Stream<Path> top = Stream.of(root.resolve("README.md"), root.resolve("CHANGELOG.md"))) {
            return Stream.concat(below, top).filter(file -> file.toString().endsWith(".md")).toList();
        }
    }
}
