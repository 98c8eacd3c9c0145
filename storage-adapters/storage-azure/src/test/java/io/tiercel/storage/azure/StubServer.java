package io.tiercel.storage.azure;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tiercel.storage.contract.ListingCostContract;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Answers as Azure does for a container that does not exist: listings of folders with as many objects as are wanted, reads of
 * as many bytes as the blob's name says, writes of anything. For what things cost, and for faults before it. Threadsafe.
 */
final class StubServer implements AutoCloseable {
    /** Of every blob that is listed. */
    static final int OBJECT_LENGTH = 7;
    private static final int MAX_PAGE = 5000;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();
    private final AtomicLong pages = new AtomicLong();

    private StubServer(HttpServer server) {
        this.server = server;
    }

    static StubServer start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        StubServer listings = new StubServer(server);
        server.setExecutor(listings.threads);
        server.createContext("/", listings::answer);
        server.start();
        return listings;
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + Azurite.ACCOUNT;
    }

    void populate(String folder, int count) {
        counts.put(folder + '/', count);
    }

    /** Pages of listings that were asked for. */
    long pages() {
        return pages.get();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> query = queryOf(exchange);
            if ("list".equals(query.get("comp"))) {
                list(exchange, query);
            } else if (exchange.getRequestMethod().equals("PUT")) {
                take(exchange);
            } else {
                give(exchange);
            }
        }
    }

    private static Map<String, String> queryOf(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        String text = exchange.getRequestURI().getQuery();
        for (String pair : text == null ? new String[0] : text.split("&", -1)) {
            query.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return query;
    }

    private static void take(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
        exchange.getResponseHeaders().set("ETag", "\"0x8DE1\"");
        exchange.sendResponseHeaders(201, -1);
    }

    private static void give(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (!name.matches("[0-9]+")) {
            exchange.getResponseHeaders().set("x-ms-error-code", "BlobNotFound");
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        long length = Long.parseLong(name);
        exchange.getResponseHeaders().set("ETag", "\"0x8DE1\"");
        exchange.getResponseHeaders().set("Last-Modified", "Fri, 20 Nov 2026 08:00:00 GMT");
        exchange.getResponseHeaders().set("Cache-Control", "public, max-age=90");
        exchange.getResponseHeaders().set("Age", "30");
        if ("\"0x8DE1\"".equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            exchange.getResponseHeaders().set("x-ms-error-code", "ConditionNotMet");
            exchange.sendResponseHeaders(304, -1);
            return;
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", name);
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        exchange.sendResponseHeaders(200, length);
        byte[] portion = new byte[64 * 1024];
        for (long sent = 0; sent < length; sent += portion.length) {
            exchange.getResponseBody().write(portion, 0, (int) Math.min(portion.length, length - sent));
        }
    }

    private void list(HttpExchange exchange, Map<String, String> query) throws IOException {
        pages.incrementAndGet();
        String prefix = query.getOrDefault("prefix", "");
        int from = Integer.parseInt(query.getOrDefault("marker", "0"));
        int most = Math.min(MAX_PAGE, Integer.parseInt(query.getOrDefault("maxresults", "5000")));
        int count = counts.getOrDefault(prefix, 0);
        int to = Math.min(count, from + most);
        byte[] body = page(prefix, from, to, to < count ? String.format("%07d", to) : "");
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    private static byte[] page(String prefix, int from, int to, String marker) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?>"
                + "<EnumerationResults ServiceEndpoint=\"http://127.0.0.1/\" ContainerName=\"container\"><Blobs>");
        for (int i = from; i < to; i++) {
            xml.append("<Blob><Name>").append(prefix).append(ListingCostContract.objectName(i)).append(
                    "</Name><Properties>")
                    .append("<Creation-Time>Fri, 20 Nov 2026 08:00:00 GMT</Creation-Time>")
                    .append("<Last-Modified>Fri, 20 Nov 2026 08:00:00 GMT</Last-Modified>")
                    .append("<Etag>0x8DE0000000").append(String.format("%07d", i)).append("</Etag>")
                    .append("<Content-Length>").append(OBJECT_LENGTH).append("</Content-Length>")
                    .append("<Content-Type>application/octet-stream</Content-Type>")
                    .append("<Content-Encoding /><Content-Language /><Content-MD5>fQ3cKvF1TtBqrdsdtVrkSw==</Content-MD5>")
                    .append("<BlobType>BlockBlob</BlobType><AccessTier>Hot</AccessTier>")
                    .append("<AccessTierInferred>true</AccessTierInferred><LeaseStatus>unlocked</LeaseStatus>")
                    .append("<LeaseState>available</LeaseState><ServerEncrypted>true</ServerEncrypted>")
                    .append("</Properties></Blob>");
        }
        return xml.append("</Blobs><NextMarker>").append(marker).append("</NextMarker></EnumerationResults>").toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
