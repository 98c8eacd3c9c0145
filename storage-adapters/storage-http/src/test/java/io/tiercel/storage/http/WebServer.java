package io.tiercel.storage.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A web server in the process of the test, with objects in memory, and habits that can be changed. */
final class WebServer implements AutoCloseable {
    private static final int PORTION_LENGTH = 64 * 1024;

    /** Writes a range of its bytes. */
    private interface Content {
        void write(OutputStream out, long from, long to) throws IOException;
    }

    private record Item(Content content, long length, String etag, Instant lastModified) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Item> items = new ConcurrentHashMap<>();
    private final Map<String, String> redirects = new ConcurrentHashMap<>();
    private final AtomicInteger versions = new AtomicInteger();
    volatile int headStatus = 200;
    volatile boolean hasRanges = true;
    volatile boolean hasConditions = true;
    volatile boolean isChunked;
    volatile UnaryOperator<String> contentRange = UnaryOperator.identity();
    volatile Map<String, String> moreHeaders = Map.of();

    WebServer() throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    /** Takes a server that was not started yet. */
    WebServer(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    void put(String path, byte[] bytes) {
        byte[] kept = bytes.clone();
        put(path, kept.length, (out, from, to) -> out.write(kept, (int) from, (int) (to - from)));
    }

    /** So many zeros, which nobody holds. */
    void putZeros(String path, long length) {
        put(path, length, (out, from, to) -> {
            byte[] zeros = new byte[(int) Math.min(PORTION_LENGTH, to - from)];
            for (long left = to - from; left > 0; left -= zeros.length) {
                out.write(zeros, 0, (int) Math.min(left, zeros.length));
            }
        });
    }

    private void put(String path, long length, Content content) {
        items.put("/" + path, new Item(content, length, nextEtag(), Instant.now()));
    }

    void redirect(String path, String location) {
        redirects.put("/" + path, location);
    }

    private String nextEtag() {
        return "\"v" + versions.incrementAndGet() + "\"";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String location = redirects.get(path);
            boolean isFolder = items.keySet().stream().anyMatch(key -> key.startsWith(path + "/"));
            Item item = items.get(path);
            if (exchange.getRequestMethod().equals("HEAD") && headStatus != 200) {
                exchange.sendResponseHeaders(headStatus, -1);
            } else if (location != null || isFolder) {
                exchange.getResponseHeaders().set("Location",
                        location == null ? exchange.getRequestURI().getRawPath() + "/" : location);
                exchange.sendResponseHeaders(location == null ? 301 : 307, -1);
            } else if (item != null) {
                give(exchange, item);
            } else {
                exchange.sendResponseHeaders(path.endsWith("/") ? 200 : 404, -1);
            }
        }
    }

    private void give(HttpExchange exchange, Item item) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("ETag", item.etag());
        headers.set("Last-Modified",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(item.lastModified().atOffset(ZoneOffset.UTC)));
        headers.set("Content-Type", "application/octet-stream");
        moreHeaders.forEach(headers::set);
        String match = exchange.getRequestHeaders().getFirst("If-Match");
        if (hasConditions && match != null && !match.equals(item.etag())) {
            exchange.sendResponseHeaders(412, -1);
            return;
        }
        if (hasConditions && item.etag().equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            exchange.sendResponseHeaders(304, -1);
            return;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range == null || !hasRanges) {
            send(exchange, item, 200, 0, item.length());
            return;
        }
        String[] bounds = range.toLowerCase(Locale.ROOT).replace("bytes=", "").split("-", 2);
        long first = Long.parseLong(bounds[0]);
        long last = bounds[1].isEmpty() ? Long.MAX_VALUE : Long.parseLong(bounds[1]);
        if (first >= item.length()) {
            headers.set("Content-Range", "bytes */" + item.length());
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        long end = Math.min(last, item.length() - 1) + 1;
        headers.set("Content-Range", contentRange.apply("bytes " + first + "-" + (end - 1) + "/" + item.length()));
        send(exchange, item, 206, first, end);
    }

    private void send(HttpExchange exchange, Item item, int status, long from, long to) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            if (!isChunked) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(to - from));
            }
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, isChunked ? 0 : to == from ? -1 : to - from);
        try (OutputStream out = exchange.getResponseBody()) {
            item.content().write(out, from, to);
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        threads.close();
    }
}
