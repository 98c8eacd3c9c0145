package io.tiercel.bench.soak;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** HTTP, to whichever node there is now. */
final class HttpSoakClient implements SoakClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Pattern CODE = Pattern.compile("\"code\":\\s*\"([A-Z_]+)\"");
    private static final Pattern RANGE = Pattern.compile("bytes ([0-9]+)-[0-9]+/([0-9]+)");
    private static final int LEAST_REFUSAL = 300;

    private final Supplier<String> endpoint;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT).build();

    HttpSoakClient(Supplier<String> endpoint) {
        this.endpoint = endpoint;
    }

    private HttpResponse<byte[]> send(String method, String target, BodyPublisher body, String... fields) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + endpoint.get() + "/v1/" + target))
                .method(method, body).timeout(TIMEOUT);
        if (fields.length > 0) {
            request.headers(fields);
        }
        try {
            HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
            if (response.statusCode() >= LEAST_REFUSAL) {
                throw refusal(response);
            }
            return response;
        } catch (IOException e) {
            throw new TiercelException(ErrorCode.NODE_UNAVAILABLE, "connection failed: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TiercelException(ErrorCode.TIMEOUT, "interrupted", e);
        }
    }

    private static TiercelException refusal(HttpResponse<byte[]> response) {
        String text = new String(response.body(), StandardCharsets.UTF_8);
        Matcher code = CODE.matcher(text);
        if (!code.find()) {
            throw new IllegalStateException("no typed error: status=" + response.statusCode() + ": " + text);
        }
        return new TiercelException(ErrorCode.valueOf(code.group(1)), text);
    }

    private @Nullable HttpResponse<byte[]> get(String key, String... fields) {
        try {
            return send("GET", "objects/" + key, BodyPublishers.noBody(), fields);
        } catch (TiercelException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    @Override
    public byte @Nullable [] read(String key) {
        HttpResponse<byte[]> response = get(key);
        return response == null ? null : response.body();
    }

    @Override
    public byte @Nullable [] readStream(String key) {
        return read(key);
    }

    @Override
    public @Nullable Part readPart(String key, int from, int length) {
        HttpResponse<byte[]> response = get(key, "Range", "bytes=" + from + '-' + (from + length - 1));
        if (response == null) {
            return null;
        }
        Matcher range = RANGE.matcher(response.headers().firstValue("Content-Range").orElse(""));
        return range.matches()
                ? new Part(response.body(), Integer.parseInt(range.group(1)), Integer.parseInt(range.group(2)))
                : new Part(response.body(), 0, response.body().length);
    }

    @Override
    public void put(String key, byte[] bytes) {
        send("PUT", "objects/" + key, BodyPublishers.ofByteArray(bytes));
    }

    @Override
    public void delete(String key) {
        send("DELETE", "objects/" + key, BodyPublishers.noBody());
    }

    @Override
    public void invalidate(String key) {
        send("POST", "invalidate?key=" + key, BodyPublishers.noBody());
    }

    @Override
    public void invalidatePrefix(String prefix) {
        send("POST", "invalidate?prefix=" + prefix, BodyPublishers.noBody());
    }

    /** A listing that fails midway ends with a line that says so. */
    @Override
    public int list(String folder) {
        String lines = new String(send("GET", "list?recursive=true&prefix=" + folder, BodyPublishers.noBody()).body(),
                StandardCharsets.UTF_8);
        return (int) lines.lines().count();
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
