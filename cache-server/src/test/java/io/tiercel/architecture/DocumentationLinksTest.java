package io.tiercel.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links between the documents lead somewhere. */
class DocumentationLinksTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");
    private static final Pattern TEST = Pattern.compile(
            "([A-Za-z0-9]+(?:Test|Contract|Figures))\\.(should[A-Za-z0-9]+)");
    private static final Pattern SOURCE = Pattern.compile("/src/.*(?:Test|Contract|Figures)\\.java$");

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

    @Test
    void shouldNameTestsThatExist() throws IOException {
        Path root = Path.of(System.getProperty("tiercel.root"));
        Map<String, String> tests = testsByName(root);
        List<String> unknown = new ArrayList<>();
        for (Path document : documents(root)) {
            Matcher name = TEST.matcher(Files.readString(document));
            while (name.find()) {
                if (!tests.getOrDefault(name.group(1), "").contains("void " + name.group(2) + '(')) {
                    unknown.add(root.relativize(document) + " -> " + name.group());
                }
            }
        }

        assertThat(tests).hasSizeGreaterThan(100);
        assertThat(unknown).isEmpty();
    }

    /** What all source files of a name hold, in whatever modules they are. */
    private static Map<String, String> testsByName(Path root) throws IOException {
        Map<String, String> tests = new HashMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : (Iterable<Path>) all.filter(each -> SOURCE.matcher(each.toString()).find())::iterator) {
                String name = file.getFileName().toString();
                tests.merge(name.substring(0, name.length() - ".java".length()), Files.readString(file),
                        String::concat);
            }
        }
        return tests;
    }

    private static List<Path> documents(Path root) throws IOException {
        try (Stream<Path> below = Files.walk(root.resolve("docs"));
                Stream<Path> top = Stream.of(root.resolve("README.md"), root.resolve("CHANGELOG.md"))) {
            return Stream.concat(below, top).filter(file -> file.toString().endsWith(".md")).toList();
        }
    }
}
