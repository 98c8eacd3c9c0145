package io.tiercel.cli.demo;

import io.tiercel.Key;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;

/** Reads objects as any HTTP client would. Threadsafe. */
final class HttpReader implements AutoCloseable {
    private static final int CHUNK_LENGTH = 64 * 1024;

    private final String base;
    private final HttpClient client;

    HttpReader(String endpoint) {
        this.base = "http://" + endpoint + "/v1/objects/";
        this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(
                10))
                .build();
    }

    /** SHA-256 of an object's bytes, in hex. */
    String sha256(Key key) throws IOException, InterruptedException {
        MessageDigest digest = Sha256.digest();
        byte[] chunk = new byte[CHUNK_LENGTH];
        try (InputStream body = open(key)) {
            int length;
            while ((length = body.read(chunk)) > 0) {
                digest.update(chunk, 0, length);
            }
        }
        return Sha256.hex(digest);
    }

    /** Reads an object and forgets it; its length. */
    long read(Key key) throws IOException, InterruptedException {
        try (InputStream body = open(key)) {
            return body.transferTo(OutputStream.nullOutputStream());
        }
    }

    private InputStream open(Key key) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + encoded(key))).timeout(Duration.ofSeconds(60))
                .build();
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            response.body().close();
            throw new IOException("HTTP " + response.statusCode() + " for " + key);
        }
        return response.body();
    }

    private static String encoded(Key key) {
        StringBuilder path = new StringBuilder();
        for (String segment : key.toString().split("/", -1)) {
            path.append(path.isEmpty() ? "" : "/")
                    .append(URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20"));
        }
        return path.toString();
    }

    @Override
    public void close() {
        client.close();
    }
}
