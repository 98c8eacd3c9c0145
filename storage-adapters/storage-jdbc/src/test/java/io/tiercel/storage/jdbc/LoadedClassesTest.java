package io.tiercel.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.ListOptions;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.StorePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Nobody pays for a driver that they do not use. */
class LoadedClassesTest {
    @Test
    void shouldLoadNoDriverToLearnTheSchemes() throws IOException {
        assertThat(loadedFor()).contains("io.tiercel.storage.jdbc.JdbcStorageProvider ")
                .doesNotContain("io.tiercel.storage.jdbc.JdbcStorage ").doesNotContain("com.zaxxer.")
                .doesNotContain(" org.h2.").doesNotContain(" org.postgresql.");
    }

    @Test
    void shouldLoadTheDriverOfTheEngineAlone() throws IOException {
        assertThat(loadedFor("jdbc:h2:mem:loaded?table=t")).contains(" org.h2.Driver ")
                .contains(" com.zaxxer.hikari.HikariDataSource ").doesNotContain(" org.postgresql.");
    }

    /** The log of the classes that a process loads which knows the schemes, and lists the stores of these URIs. */
    private static String loadedFor(String... uris) throws IOException {
        Process child = new ProcessBuilder(Stream.concat(
                Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:off",
                        "-Xlog:class+load:stdout", "-cp", System.getProperty("java.class.path"), Child.class.getName()),
                Stream.of(uris)).toList()).redirectErrorStream(true).start();
        try (InputStream out = child.getInputStream()) {
            String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text).contains("schemes: [");
            return text;
        } finally {
            child.onExit().join();
        }
    }

    static final class Child {
        private Child() {}

        public static void main(String[] uris) {
            try (StorageProviders providers = StorageProviders.load()) {
                System.out.println("schemes: " + providers.schemes());
                for (String uri : List.of(uris)) {
                    try (StorageAdapter store = providers.open(uri);
                            var cursor = store.list(StorePath.ROOT, ListOptions.DIRECT)) {
                        System.out.println(cursor.nextPage());
                    }
                }
            }
        }
    }
}
