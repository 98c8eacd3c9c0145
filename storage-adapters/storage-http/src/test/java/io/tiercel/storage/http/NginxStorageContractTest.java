package io.tiercel.storage.http;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.contract.StorageAdapterContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class NginxStorageContractTest extends StorageAdapterContract {
    private final SharedClients clients = new SharedClients(1);
    private final Instant begin = Instant.now().minusSeconds(30);
    private int seeded;
    private @Nullable Nginx nginx;

    @TempDir
    Path directory;

    @Override
    protected StorageAdapter openEmpty() throws IOException {
        Optional<Path> program = Nginx.program();
        assumeTrue(program.isPresent(), "nginx is not installed (Debian: nginx-light)");
        Path served = Files.createDirectories(directory.resolve("served"));
        Files.createDirectories(served.resolve("prefix"));
        Nginx started = Nginx.start(program.orElseThrow(), directory, served);
        nginx = started;
        return HttpStorage.open(URI.create("http://127.0.0.1:" + started.port() + "/prefix?allowPrivate=true"),
                clients);
    }

    /** Each a second later than the one before, since nginx makes ETags of length and seconds. */
    @Override
    public void seed(String path, byte[] bytes) {
        try {
            Path file = directory.resolve("served/prefix").resolve(path);
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
            Files.setLastModifiedTime(file, FileTime.from(begin.plusSeconds(++seeded)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void stop() {
        clients.close();
        if (nginx != null) {
            nginx.close();
        }
    }
}
