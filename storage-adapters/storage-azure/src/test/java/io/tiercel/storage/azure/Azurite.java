package io.tiercel.storage.azure;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.azure.storage.blob.BlobContainerClient;
import io.tiercel.storage.Secret;
import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Microsoft's emulator of Azure Storage as a child process on a free port, begun by the first test that needs it and ended
 * with the JVM. It is where {@code -Dtiercel.azurite} or TIERCEL_AZURITE says, on the PATH, or where {@code .ci/run} puts it;
 * without it the tests are skipped. Threadsafe.
 */
final class Azurite {
    static final String ACCOUNT = "devstoreaccount1";
    private static final String INSTALLED = "tiercel/azurite-3.37.0/node_modules/.bin/azurite-blob";
    private static final Pattern READY = Pattern.compile("successfully listens on http://127\\.0\\.0\\.1:([0-9]+)");
    private static final long START_DEADLINE_NS = TimeUnit.SECONDS.toNanos(120);

    private static @Nullable Azurite running;

    private final int port;

    private Azurite(int port) {
        this.port = port;
    }

    /** The one there is, started if need be; skips the test where it is not installed or does not start. */
    static synchronized Azurite shared() {
        if (running == null) {
            running = start();
        }
        return running;
    }

    int port() {
        return port;
    }

    String endpoint() {
        return "http://127.0.0.1:" + port + "/" + ACCOUNT;
    }

    /** The account's key, the same in every emulator of the world; in parts, so that scanners for secrets rest. */
    static Secret key() {
        return Secret.of("Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50u"
                + "SRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==");
    }

    AzureClientConfiguration configuration() {
        return configuration(endpoint());
    }

    static AzureClientConfiguration configuration(String endpoint) {
        return new AzureClientConfiguration(endpoint, ACCOUNT, AzureCredential.key(key()), 30_000, 5_000);
    }

    /** A container that nobody had before. */
    String newContainer() {
        String name = "test-" + UUID.randomUUID();
        try (AzureClient client = configuration().open()) {
            BlobContainerClient container = client.container(name);
            container.create();
        }
        return name;
    }

    AzureStorage open(String container, SharedClients clients) {
        return AzureStorage.open(location(container, StorePath.ROOT, configuration()), clients);
    }

    static AzureLocation location(String container, StorePath prefix, AzureClientConfiguration configuration) {
        return new AzureLocation(container, prefix, "azblob://" + container + "/" + prefix, configuration);
    }

    private static Azurite start() {
        Path program = find();
        assumeTrue(program != null, "Azurite is not installed (see docs/adapters.md): no tests on it");
        try {
            Path output = Files.createTempFile("tiercel-azurite", ".log");
            output.toFile().deleteOnExit();
            Process process = new ProcessBuilder(List.of(String.valueOf(program), "--inMemoryPersistence",
                    "--skipApiVersionCheck", "--disableTelemetry", "--silent", "--blobHost", "127.0.0.1", "--blobPort",
                    "0")).redirectErrorStream(true).redirectOutput(output.toFile()).start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new Azurite(awaitPort(process, output));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int awaitPort(Process process, Path output) throws IOException {
        long deadlineNs = System.nanoTime() + START_DEADLINE_NS;
        while (true) {
            String said = Files.readString(output);
            Matcher ready = READY.matcher(said);
            if (ready.find()) {
                return Integer.parseInt(ready.group(1));
            }
            boolean waiting = process.isAlive() && System.nanoTime() - deadlineNs < 0;
            assumeTrue(waiting, () -> "Azurite did not start: " + said);
            try {
                process.waitFor(50, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while Azurite started", e);
            }
        }
    }

    private static @Nullable Path find() {
        Map<String, String> environment = System.getenv();
        String named = System.getProperty("tiercel.azurite", environment.getOrDefault("TIERCEL_AZURITE", ""));
        List<Path> places = new ArrayList<>();
        if (!named.isEmpty()) {
            places.add(Path.of(named));
        } else {
            for (String folder : environment.getOrDefault("PATH", "").split(":", -1)) {
                places.add(Path.of(folder, "azurite-blob"));
            }
            places.add(Path.of(environment.getOrDefault("XDG_CACHE_HOME",
                    System.getProperty("user.home") + "/.cache"), INSTALLED));
        }
        return places.stream().filter(Files::isExecutable).findFirst().orElse(null);
    }
}
