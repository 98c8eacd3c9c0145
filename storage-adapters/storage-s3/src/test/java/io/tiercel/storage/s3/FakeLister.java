package io.tiercel.storage.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers ListObjectsV2 as S3 does, of folders of so many objects that it makes up as it is asked: a million cost nothing
 * before they are listed. Threadsafe.
 */
final class FakeLister implements AutoCloseable {
    /** Of every object. */
    static final int OBJECT_LENGTH = 3;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Integer> folders = new ConcurrentHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();

    FakeLister() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    FakeLister folder(String name, int count) {
        folders.put(name + '/', count);
        return this;
    }

    String store() {
        return "s3://bucket?anonymous=true&region=us-east-1&endpoint=http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Requests there have been. */
    int requests() {
        return requests.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.incrementAndGet();
            Map<String, String> query = queryOf(exchange);
            byte[] page = page(query).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/xml");
            exchange.sendResponseHeaders(200, page.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(page);
            }
        }
    }

    private String page(Map<String, String> query) {
        String prefix = query.getOrDefault("prefix", "");
        int count = folders.getOrDefault(prefix, 0);
        int from = Integer.parseInt(query.getOrDefault("continuation-token", "0"));
        int to = Math.min(count, from + Integer.parseInt(query.getOrDefault("max-keys", "1000")));
        StringBuilder out = new StringBuilder(320 * (to - from) + 1000);
        out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
                .append("<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>bucket</Name>")
                .append("<EncodingType>url</EncodingType><Prefix>").append(prefix).append("</Prefix><KeyCount>")
                .append(to - from).append("</KeyCount><IsTruncated>").append(to < count).append("</IsTruncated>");
        if (to < count) {
            out.append("<NextContinuationToken>").append(to).append("</NextContinuationToken>");
        }
        for (int i = from; i < to; i++) {
            out.append("<Contents><Key>").append(prefix).append("object-");
            String digits = Integer.toString(i);
            out.repeat('0', 7 - digits.length()).append(digits)
                    .append("</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified>")
                    .append("<ETag>&quot;900150983cd24fb0d6963f7d28e17f72&quot;</ETag><Size>").append(OBJECT_LENGTH)
                    .append("</Size><StorageClass>STANDARD</StorageClass></Contents>");
        }
        return out.append("</ListBucketResult>").toString();
    }

    private static Map<String, String> queryOf(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        String text = exchange.getRequestURI().getRawQuery();
        for (String pair : text == null ? new String[0] : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            query.put(name.toLowerCase(Locale.ROOT), URLDecoder.decode(value, StandardCharsets.UTF_8));
        }
        return query;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
