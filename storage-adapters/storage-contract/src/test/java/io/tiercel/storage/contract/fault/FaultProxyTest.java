package io.tiercel.storage.contract.fault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultProxyTest {
    private static final String BODY = "0123456789".repeat(1000);
    private static final int PATIENCE_MS = 20_000;
    private static final int SILENCE_MS = 200;

    private HttpServer server;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("ETag", "\"one\"");
            boolean chunked = exchange.getRequestURI().getPath().equals("/chunked");
            exchange.sendResponseHeaders(200, chunked ? 0 : BODY.length());
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(BODY.getBytes(ISO_8859_1));
            }
        });
        server.start();
        proxy = FaultProxy.http(server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        proxy.close();
        server.stop(0);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(PATIENCE_MS);
        return socket;
    }

    private static void ask(Socket socket, String path, String connection) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: " + connection + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    }

    /** All that comes until the end. */
    private String get(String path) throws IOException {
        try (Socket socket = connect()) {
            ask(socket, path, "close");
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static String bodyOf(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    @Test
    void shouldPassEverythingAndCountIt() throws IOException {
        assertThat(get("/a?b=c")).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n" + BODY);
        assertThat(get("/chunked")).contains(BODY.substring(0, 1000)).endsWith("\r\n0\r\n\r\n");

        assertThat(proxy.requests()).containsExactly("GET /a?b=c", "GET /chunked");
        assertThat(proxy.connectionCount()).isEqualTo(2);
        assertThat(proxy.byteCount()).isGreaterThanOrEqualTo(2L * BODY.length());
        proxy.clearCounts();
        assertThat(proxy.requestCount()).isZero();
        assertThat(proxy.connectionCount()).isZero();
    }

    @Test
    void shouldKeepAConnectionForManyRequests() throws IOException {
        try (Socket socket = connect()) {
            for (int i = 0; i < 3; i++) {
                ask(socket, "/" + i, "keep-alive");
                String head = head(socket.getInputStream());
                assertThat(head).startsWith("HTTP/1.1 200");
                assertThat(socket.getInputStream().readNBytes(BODY.length())).hasSize(BODY.length());
            }
        }

        assertThat(proxy.requests()).containsExactly("GET /0", "GET /1", "GET /2");
        assertThat(proxy.connectionCount()).isEqualTo(1);
    }

    @Test
    void shouldPassRequestsWithBodies() throws IOException {
        try (Socket socket = connect()) {
            String request = String.join("\r\n", "PUT /x HTTP/1.1", "Host: localhost", "Expect: 100-continue",
                    "Content-Length: 3", "Connection: close", "", "");
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 100");
            socket.getOutputStream().write("abc".getBytes(ISO_8859_1));
            assertThat(head(socket.getInputStream())).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void shouldTakeFaultsInOrderAndRepeatTheLast() throws IOException {
        proxy.fail(Fault.status(503), Fault.none(), Fault.status(403));

        assertThat(get("/")).startsWith("HTTP/1.1 503");
        assertThat(get("/")).startsWith("HTTP/1.1 200");
        assertThat(get("/")).startsWith("HTTP/1.1 403");
        assertThat(get("/")).startsWith("HTTP/1.1 403");
        proxy.pass();
        assertThat(get("/")).startsWith("HTTP/1.1 200");
    }

    @Test
    void shouldMeetOnlyTheRequestsMeant() throws IOException {
        proxy.failWhere(request -> request.equals("GET /bad"), Fault.status(500), Fault.none());

        assertThat(get("/good")).startsWith("HTTP/1.1 200");
        assertThat(get("/bad")).startsWith("HTTP/1.1 500");
        assertThat(get("/bad")).startsWith("HTTP/1.1 200");
    }

    @Test
    void shouldRefuseConnectionsOnTheSamePortUntilItPasses() throws IOException {
        try (Socket before = connect()) {
            proxy.refuse();
            proxy.refuse();

            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
            assertThatThrownBy(() -> before.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        proxy.pass();
        assertThat(get("/")).startsWith("HTTP/1.1 200");
    }

    @Test
    void shouldResetBeforeAndInTheMiddleOfAnAnswer() throws IOException {
        proxy.fail(Fault.reset());
        assertThatThrownBy(() -> get("/")).isInstanceOf(SocketException.class);

        proxy.fail(Fault.lostAnswer());
        assertThatThrownBy(() -> get("/")).isInstanceOf(SocketException.class);

        proxy.fail(Fault.resetAfter(1000));
        assertThatThrownBy(() -> get("/")).isInstanceOf(SocketException.class);
        assertThat(proxy.byteCount()).isEqualTo(1000);
    }

    @Test
    void shouldFallSilent() throws IOException {
        proxy.fail(Fault.stalled(), Fault.stalledAfter(1000));

        try (Socket socket = connect()) {
            ask(socket, "/", "close");
            socket.setSoTimeout(SILENCE_MS);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }
        try (Socket socket = connect()) {
            ask(socket, "/", "close");
            assertThat(head(socket.getInputStream())).contains("Content-");
            assertThat(socket.getInputStream().readNBytes(1000)).hasSize(1000);
            socket.setSoTimeout(SILENCE_MS);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void shouldCutLengthenAndMiscountBodies() throws IOException {
        proxy.fail(Fault.closedAfter(1000), Fault.longBody(77), Fault.wrongLength(5), Fault.wrongLength(-5));

        String cut = get("/");
        assertThat(cut.toLowerCase(Locale.ROOT)).contains("content-length: 10000");
        assertThat(bodyOf(cut)).isEqualTo(BODY.substring(0, 1000));
        assertThat(bodyOf(get("/"))).startsWith(BODY).hasSize(BODY.length() + 77);
        assertThat(get("/")).contains("Content-Length: 10005").endsWith("\r\n\r\n" + BODY);
        assertThat(get("/")).contains("Content-Length: 9995").endsWith("\r\n\r\n" + BODY);
    }

    @Test
    void shouldSlowABody() throws IOException {
        proxy.fail(Fault.slow(100_000));

        assertThat(bodyOf(get("/"))).isEqualTo(BODY);
    }

    @Test
    void shouldChangeHeadersFromTheAnswerOnThatIsMeant() throws IOException {
        proxy.fail(Fault.none(), Fault.changedEtag("\"two\""));

        assertThat(get("/")).contains("\"one\"").doesNotContain("\"two\"");
        assertThat(get("/")).contains("\"two\"").doesNotContain("\"one\"");
        assertThat(get("/")).contains("\"two\"").doesNotContain("\"one\"");
        proxy.fail(Fault.header("etag", null));
        assertThat(get("/")).doesNotContain("\"one\"");
    }

    @Test
    void shouldAnswerInPlaceOfTheServer() throws IOException {
        proxy.fail(Fault.retryAfter(429, 7), Fault.retryAfter(503, Instant.ofEpochSecond(1_700_000_000)),
                Fault.answer(418, "tea", "X-Pot: yes"));

        assertThat(get("/")).startsWith("HTTP/1.1 429").contains("Retry-After: 7\r\n");
        assertThat(get("/")).startsWith("HTTP/1.1 503").contains("Retry-After: Tue, 14 Nov 2023 22:13:20 GMT\r\n");
        assertThat(get("/")).startsWith("HTTP/1.1 418").contains("X-Pot: yes").endsWith("\r\n\r\ntea");
    }

    @Test
    void shouldAnswerWithGarbage() throws IOException {
        proxy.fail(Fault.garbage());

        assertThat(get("/")).hasSize(500).doesNotContain("HTTP");
    }

    @Test
    void shouldEndWithEverythingItOpened() throws IOException {
        proxy.fail(Fault.stalled());
        try (Socket socket = connect()) {
            ask(socket, "/", "close");

            proxy.close();

            assertThat(isEnded(socket)).isTrue();
        }
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        assertThat(proxy.openConnectionCount()).isZero();
        proxy.close();
    }

    @Test
    void shouldPassAnyProtocol() throws IOException {
        useRaw();

        assertThat(get("/")).startsWith("HTTP/1.1 200").endsWith(BODY);
        assertThat(proxy.connectionCount()).isEqualTo(1);
        assertThat(proxy.requestCount()).isZero();
    }

    @Test
    void shouldMeetConnectionsOfAnyProtocol() throws IOException {
        useRaw();
        proxy.fail(Fault.closedAfter(100), Fault.garbage(), Fault.slow(1_000_000), Fault.reset(), Fault.none());

        assertThat(get("/")).hasSize(100);
        assertThat(get("/")).hasSize(500).doesNotContain("HTTP");
        assertThat(get("/")).endsWith(BODY);
        assertThatThrownBy(() -> get("/")).isInstanceOf(SocketException.class);
        assertThat(get("/")).endsWith(BODY);
    }

    @Test
    void shouldMeetAnOpenConnectionOfAnyProtocol() throws IOException {
        useRaw();
        try (Socket socket = connect(); Socket other = connect()) {
            ask(socket, "/", "keep-alive");
            head(socket.getInputStream());
            socket.getInputStream().readNBytes(BODY.length());

            proxy.fail(Fault.stalledAfter(20), Fault.reset());
            ask(socket, "/", "keep-alive");
            assertThat(socket.getInputStream().readNBytes(20)).hasSize(20);
            socket.setSoTimeout(SILENCE_MS);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

            ask(other, "/", "close");
            assertThatThrownBy(() -> other.getInputStream().readAllBytes()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void shouldRefuseFaultsOfHttpWhereItKnowsNoProtocol() {
        useRaw();

        assertThatIllegalArgumentException().isThrownBy(() -> proxy.fail(Fault.changedEtag("\"x\"")));
    }

    private void useRaw() {
        proxy.close();
        proxy = FaultProxy.raw(server.getAddress().getPort());
    }

    private static boolean isEnded(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            assertThat(b).as("after %s", head).isNotNegative();
            head.append((char) b);
        }
        return head.toString();
    }
}
