package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tiercel.Key;
import io.tiercel.client.Frame;
import io.tiercel.client.TiercelClient;
import io.tiercel.storage.StorageProviders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a node pays for the stores that it does not use: a small provider each, and nothing of their SDKs. */
@Timeout(300)
class StoreClassesSystemTest {
    /** Packages of the libraries that the adapters stand on, and of the adapters but for {@code file:}. */
    private static final List<String> OTHERS = List.of("software.amazon.", "com.azure.", "org.apache.sshd.",
            "com.zaxxer.", "org.h2.", "org.postgresql.", "org.apache.hc.", "java.net.http.");

    @TempDir
    Path temp;

    @Test
    void shouldLoadNothingOfTheStoresThatItDoesNotUse() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "needs bash, as the launcher does");
        Path lake = Files.createDirectory(temp.resolve("lake"));
        Files.writeString(lake.resolve("object"), "bytes");
        Path loaded = temp.resolve("loaded");
        Path dir = temp.resolve("node");
        Distribution distribution = Distribution.in(temp.resolve("distribution"));

        try (Distribution.Served node = distribution.serve(dir, List.of("--mount", "lake=file://" + lake),
                Map.of("TIERCEL_JAVA_OPTS", "-Xlog:class+load:file=" + loaded))) {
            assertThat(node.firstLine()).startsWith("ready ");
            try (TiercelClient client = TiercelClient.connect(
                    new TiercelClient.Context().nodeDir(dir).requestTimeoutNs(TimeUnit.SECONDS.toNanos(60)));
                    Frame frame = client.get(Key.of("lake/object"))) {
                assertThat(Objects.requireNonNull(frame).length()).isEqualTo(5);
            }
            assertThat(node.stop()).isZero();
        }

        List<String> classes = Files.readAllLines(loaded).stream()
                .map(line -> line.replaceFirst("^(\\[[^]]*\\])* *", "").split(" ", 2)[0]).toList();
        assertThat(classes).contains("io.tiercel.storage.local.LocalStorage");
        assertThat(classes).noneMatch(name -> OTHERS.stream().anyMatch(name::startsWith));
        // Of each adapter that is there but not used, its provider alone.
        assertThat(classes.stream().filter(StoreClassesSystemTest::isOfAnotherAdapter)).hasSameSizeAs(otherAdapters())
                .allMatch(name -> name.endsWith("StorageProvider"));
    }

    private static List<String> otherAdapters() {
        try (StorageProviders providers = StorageProviders.load()) {
            return providers.schemes().stream().map(StoreClassesSystemTest::adapterOf)
                    .filter(adapter -> !List.of("local", "memory").contains(adapter)).distinct().toList();
        }
    }

    private static boolean isOfAnotherAdapter(String name) {
        return name.startsWith("io.tiercel.storage.") && name.split("\\.", -1).length == 5
                && !List.of("local", "memory", "flat").contains(name.split("\\.", -1)[3]);
    }

    private static String adapterOf(String scheme) {
        return switch (scheme) {
            case "file" -> "local";
            case "https" -> "http";
            case "azblob" -> "azure";
            case ModelStoreProvider.SCHEME -> "memory";
            default -> scheme;
        };
    }
}
