package io.tiercel.storage.s3;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Objects in memory, with GET, HEAD and PUT and their conditions in one step as S3 has them, and answers that a test wants
 * instead. Threadsafe.
 */
final class FakeS3 implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, byte[]> objects = new HashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Script script = request -> null;

    /** What a test has it answer; null for the usual. */
    interface Script {
        @Nullable
        Answer of(HttpExchange request) throws IOException;
    }

    /** An answer with an empty body or one of text. */
    record Answer(int status, Map<String, String> headers, String body) {
        static Answer error(int status, String code) {
            return error(status, code, "");
        }

        static Answer error(int status, String code, String more) {
            return new Answer(status, Map.of("Content-Type", "application/xml"),
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code
                            + "</Code><Message>words of S3</Message>"
                            + more + "</Error>");
        }

        Answer with(String name, String value) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(name, value);
            return new Answer(status, more, body);
        }
    }

    FakeS3() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The URI of a store on it, with more parameters. */
    String store(String more) {
        return "s3://bucket?anonymous=true&region=us-east-1&endpoint=" + endpoint() + more;
    }

    void script(Script wanted) {
        script = wanted;
    }

    /** Method and path with query of each request so far. */
    List<String> requests() {
        return requests;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            byte[] body = exchange.getRequestBody().readAllBytes();
            Answer wanted = script.of(exchange);
            if (wanted != null) {
                send(exchange, wanted.status(), wanted.headers(), wanted.body().getBytes(StandardCharsets.UTF_8));
            } else {
                answerAsS3(exchange, body);
            }
        }
    }

    private void answerAsS3(HttpExchange exchange, byte[] body) throws IOException {
        Headers headers = exchange.getRequestHeaders();
        String key = exchange.getRequestURI().getPath();
        byte @Nullable [] now;
        synchronized (objects) {
            now = objects.get(key);
            String etag = now == null ? null : etagOf(now);
            String ifMatch = headers.getFirst("If-Match");
            if (ifMatch != null && !ifMatch.equals(etag) && (now != null || exchange.getRequestMethod().equals(
                    "PUT"))) {
                send(exchange, Answer.error(412, "PreconditionFailed"));
                return;
            }
            if (exchange.getRequestMethod().equals("PUT")) {
                if (now != null && "*".equals(headers.getFirst("If-None-Match"))) {
                    send(exchange, Answer.error(412, "PreconditionFailed"));
                    return;
                }
                objects.put(key, body);
                send(exchange, 200, Map.of("ETag", etagOf(body)), new byte[0]);
                return;
            }
        }
        if (now == null) {
            send(exchange, Answer.error(404, "NoSuchKey"));
        } else if (etagOf(now).equals(headers.getFirst("If-None-Match"))) {
            send(exchange, 304, Map.of("ETag", etagOf(now), "Cache-Control", "max-age=30"), new byte[0]);
        } else {
            send(exchange, 200, Map.of("ETag", etagOf(now), "Last-Modified", "Fri, 02 Jan 2026 03:04:05 GMT"), now);
        }
    }

    static String etagOf(byte[] bytes) {
        return '"' + Integer.toHexString(java.util.Arrays.hashCode(bytes)) + "-" + bytes.length + '"';
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        send(exchange, answer.status(), answer.headers(), answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, Map<String, String> headers, byte[] body)
            throws IOException {
        headers.forEach(exchange.getResponseHeaders()::set);
        boolean bodiless = exchange.getRequestMethod().equals("HEAD") || status == 204 || status == 304;
        if (bodiless) {
            exchange.getResponseHeaders().putIfAbsent("Content-Length", List.of(Integer.toString(body.length)));
        }
        exchange.sendResponseHeaders(status, bodiless || body.length == 0 ? -1 : body.length);
        if (!bodiless && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
