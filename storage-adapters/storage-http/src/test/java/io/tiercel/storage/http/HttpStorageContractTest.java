package io.tiercel.storage.http;

import static java.util.Objects.requireNonNull;

import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.contract.StorageAdapterContract;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

class HttpStorageContractTest extends StorageAdapterContract {
    private final SharedClients clients = new SharedClients(1);
    private @Nullable WebServer server;

    @Override
    protected StorageAdapter openEmpty() throws IOException {
        WebServer started = new WebServer();
        server = started;
        return HttpStorage.open(
                URI.create("http://localhost:" + started.port() + "/some%20prefix/x?allowPrivate=true"), clients);
    }

    @Override
    public void seed(String path, byte[] bytes) {
        requireNonNull(server).put("some prefix/x/" + path, bytes);
    }

    @AfterEach
    void stop() {
        clients.close();
        if (server != null) {
            server.close();
        }
    }
}
