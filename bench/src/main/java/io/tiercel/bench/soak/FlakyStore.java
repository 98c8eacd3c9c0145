package io.tiercel.bench.soak;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A web server in this process whose objects the soak changes, and which fails as often as it is told to: it refuses with
 * 500, answers late, or breaks off midway in a body. Answers ranges. Threadsafe.
 */
final class FlakyStore implements AutoCloseable {
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-([0-9]*)");
    private static final int LONGEST_DELAY_US = 20_000;
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int NOT_FOUND = 404;
    private static final int UNSATISFIABLE = 416;
    private static final int FAILED = 500;

    private final Map<String, Long> versions = new ConcurrentHashMap<>();
    private final AtomicLong faults = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final String prefix;
    private final long seed;
    private volatile int faultPercent;

    /** @param prefix of the mount that this is the store of: keys here begin with it. */
    FlakyStore(String prefix, long seed) {
        this.prefix = prefix;
        this.seed = seed;
        try {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Where it listens. */
    String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/?allowPrivate=true";
    }

    void change(String key, long version) {
        versions.put(key, version);
    }

    /** Requests of a hundred that go wrong. */
    void faultPercent(int percent) {
        faultPercent = percent;
    }

    long faults() {
        return faults.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        // A node that starts looks at the root: whether there is a store is no question of this soak.
        boolean isRoot = path.equals("/");
        SplittableRandom random = new SplittableRandom(seed + requests.incrementAndGet());
        boolean isFaulty = !isRoot && random.nextInt(100) < faultPercent;
        int fault = isFaulty ? random.nextInt(3) : -1;
        faults.addAndGet(isFaulty ? 1 : 0);
        try (exchange) {
            if (isRoot || fault == 0) {
                exchange.sendResponseHeaders(isRoot ? OK : FAILED, -1);
                return;
            }
            if (fault == 1) {
                LockSupport.parkNanos(1_000L * random.nextInt(LONGEST_DELAY_US));
            }
            String key = prefix + path;
            Long version = versions.get(key);
            if (version == null) {
                exchange.sendResponseHeaders(NOT_FOUND, -1);
                return;
            }
            send(exchange, key, version, fault == 2);
        }
    }

    private static void send(HttpExchange exchange, String key, long version, boolean breaksOff) throws IOException {
        byte[] whole = SoakPayload.of(key, version);
        exchange.getResponseHeaders().set("ETag", "\"v" + version + '"');
        int from = 0;
        int to = whole.length;
        @Nullable String wanted = exchange.getRequestHeaders().getFirst("Range");
        Matcher range = RANGE.matcher(wanted == null ? "" : wanted);
        boolean isPart = range.matches();
        if (isPart) {
            from = (int) Math.min(Long.parseLong(range.group(1)), whole.length);
            to = range.group(2).isEmpty()
                    ? whole.length
                    : (int) Math.min(whole.length, Long.parseLong(range.group(2)) + 1);
            if (from >= to) {
                exchange.getResponseHeaders().set("Content-Range", "bytes */" + whole.length);
                exchange.sendResponseHeaders(UNSATISFIABLE, -1);
                return;
            }
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + '-' + (to - 1) + '/' + whole.length);
        }
        boolean hasBody = exchange.getRequestMethod().equals("GET");
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(to - from));
        exchange.sendResponseHeaders(isPart ? PARTIAL : OK, hasBody ? to - from : -1);
        if (hasBody) {
            // Closed with less than was announced, the exchange breaks its connection off.
            exchange.getResponseBody().write(whole, from, breaksOff ? (to - from) / 2 : to - from);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        threads.close();
    }
}
