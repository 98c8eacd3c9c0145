package io.tiercel.http;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** A gateway on a free port before a {@link FakeShard}. */
final class GatewayFixture implements AutoCloseable {
    static final long MAX_FRAME = 80L * 1024 * 1024;

    final FakeShard shard;
    final HttpGateway.Context context;
    final HttpGateway gateway;
    final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    GatewayFixture(Path dir) {
        this(dir, _ -> {});
    }

    GatewayFixture(Path dir, Consumer<HttpGateway.Context> settings) {
        shard = new FakeShard(dir);
        context = new HttpGateway.Context().bind("127.0.0.1:0").commands(shard).spoolDir(dir.resolve("spool"))
                .maxFrame(MAX_FRAME).drainDeadlineMs(2000);
        settings.accept(context);
        gateway = HttpGateway.start(context);
    }

    URI uri(String pathAndQuery) {
        return URI.create("http://" + gateway.address() + pathAndQuery);
    }

    HttpResponse<String> send(String method, String pathAndQuery, String... fields) throws Exception {
        return send(method, pathAndQuery, BodyPublishers.noBody(), fields);
    }

    HttpResponse<String> put(String pathAndQuery, String body, String... fields) throws Exception {
        return send("PUT", pathAndQuery, BodyPublishers.ofString(body), fields);
    }

    HttpResponse<String> send(String method, String pathAndQuery, BodyPublisher body, String... fields)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(pathAndQuery)).method(method, body)
                .timeout(Duration.ofSeconds(20));
        if (fields.length > 0) {
            request.headers(fields);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
        gateway.close();
        shard.close();
    }
}
