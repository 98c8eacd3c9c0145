package io.tiercel.node;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.client.Frame;
import io.tiercel.client.ObjectStream;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One way into a node, the same for all: whatever fails does so with a {@link TiercelException}. */
interface ModelClient extends AutoCloseable {
    long TIMEOUT_S = 60;

    /** The bytes, null when there is nothing. */
    byte @Nullable [] read(String key);

    /** The bytes in the order in which they come, however many. */
    byte @Nullable [] readStream(String key);

    /** A part of it; none of it behind its end. */
    @Nullable
    Part readPart(String key, int from, int length);

    void put(String key, byte[] bytes, long ttlMs);

    void delete(String key);

    void deleteRecursively(String prefix);

    /** Onto whatever is there. */
    void move(String from, String to, boolean keepsSource);

    /** All at and under a prefix, or one key; everything for an empty one. */
    void invalidate(String key, boolean isPrefix);

    @Override
    void close();

    /** A part of an object, and how long the whole is. */
    final class Part {
        final byte[] bytes;
        final int from;
        final int total;

        Part(byte[] bytes, int from, int total) {
            this.bytes = bytes;
            this.from = from;
            this.total = total;
        }
    }

    /** A client of the library, mapped or streamed to. */
    static ModelClient ofLibrary(TiercelNode node, boolean isStreamed) {
        TiercelClient client = TiercelClient.connect(new TiercelClient.Context().nodeDir(node.dir()).streamed(
                isStreamed).connectTimeoutNs(TimeUnit.SECONDS.toNanos(TIMEOUT_S)).requestTimeoutNs(
                        TimeUnit.SECONDS.toNanos(TIMEOUT_S)));
        return new ModelClient() {
            @Override
            public byte @Nullable [] read(String key) {
                try (Frame frame = client.get(Key.of(key))) {
                    if (frame == null) {
                        return null;
                    }
                    byte[] bytes = new byte[(int) frame.length()];
                    frame.buffer().getBytes(0, bytes);
                    return bytes;
                }
            }

            @Override
            public byte @Nullable [] readStream(String key) {
                try (ObjectStream stream = client.openStream(Key.of(key))) {
                    return stream == null ? null : stream.readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public @Nullable Part readPart(String key, int from, int length) {
                try (Frame frame = client.getRange(Key.of(key), from, length)) {
                    if (frame == null) {
                        return null;
                    }
                    byte[] bytes = new byte[(int) frame.length()];
                    frame.buffer().getBytes(0, bytes);
                    return new Part(bytes, from, (int) frame.objectLength());
                }
            }

            @Override
            public void put(String key, byte[] bytes, long ttlMs) {
                PutOptions options = ttlMs == 0
                        ? PutOptions.DEFAULTS
                        : PutOptions.DEFAULTS.ttl(ttlMs, TimeUnit.MILLISECONDS);
                client.put(Key.of(key), ByteBuffer.wrap(bytes), options);
            }

            @Override
            public void delete(String key) {
                client.delete(Key.of(key));
            }

            @Override
            public void deleteRecursively(String prefix) {
                client.deleteRecursively(Key.of(prefix));
            }

            @Override
            public void move(String from, String to, boolean keepsSource) {
                if (keepsSource) {
                    client.copy(Key.of(from), Key.of(to), true, 0);
                } else {
                    client.move(Key.of(from), Key.of(to), true, 0);
                }
            }

            @Override
            public void invalidate(String key, boolean isPrefix) {
                if (key.isEmpty()) {
                    client.invalidateAll();
                } else if (isPrefix) {
                    client.invalidatePrefix(Key.of(key));
                } else {
                    client.invalidate(Key.of(key));
                }
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }

    /** HTTP, to whichever node there is now. */
    static ModelClient ofHttp(Supplier<String> endpoint) {
        return new OverHttp(endpoint, HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
    }

    /** As curl would do it. */
    final class OverHttp implements ModelClient {
        private static final Pattern CODE = Pattern.compile("\"code\":\\s*\"([A-Z_]+)\"");
        private static final Pattern RANGE = Pattern.compile("bytes ([0-9]+)-[0-9]+/([0-9]+)");

        private final Supplier<String> endpoint;
        private final HttpClient http;

        /** Ends with its HTTP client, which several may share. */
        OverHttp(Supplier<String> endpoint, HttpClient http) {
            this.endpoint = endpoint;
            this.http = http;
        }

        private HttpResponse<byte[]> send(String method, String target, BodyPublisher body, String... fields) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + endpoint.get()
                    + "/v1/" + target)).method(method, body).timeout(Duration.ofSeconds(TIMEOUT_S));
            if (fields.length > 0) {
                request.headers(fields);
            }
            try {
                HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
                if (response.statusCode() >= 300) {
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
            return new TiercelException(code.find() ? ErrorCode.valueOf(code.group(1)) : ErrorCode.INTERNAL,
                    "status=" + response.statusCode() + ": " + text);
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
        public void put(String key, byte[] bytes, long ttlMs) {
            BodyPublisher body = BodyPublishers.ofByteArray(bytes);
            if (ttlMs == 0) {
                send("PUT", "objects/" + key, body);
            } else {
                send("PUT", "objects/" + key, body, "Tiercel-Ttl", ttlMs + "ms");
            }
        }

        @Override
        public void delete(String key) {
            send("DELETE", "objects/" + key, BodyPublishers.noBody());
        }

        @Override
        public void deleteRecursively(String prefix) {
            send("DELETE", "objects/" + prefix + "?recursive=true", BodyPublishers.noBody());
        }

        @Override
        public void move(String from, String to, boolean keepsSource) {
            send("POST", (keepsSource ? "copy" : "move") + "?overwrite=true&from=" + from + "&to=" + to, BodyPublishers
                    .noBody());
        }

        @Override
        public void invalidate(String key, boolean isPrefix) {
            String what = key.isEmpty() ? "all=true" : (isPrefix ? "prefix=" : "key=") + key;
            send("POST", "invalidate?" + what, BodyPublishers.noBody());
        }

        @Override
        public void close() {
            http.shutdownNow();
            http.close();
        }
    }
}
