package io.tiercel.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A socket that says exactly what a test wants said. */
final class RawHttp implements AutoCloseable {
    private static final int TIMEOUT_MS = 20_000;

    final Socket socket = new Socket();

    RawHttp(int port) throws IOException {
        this(port, 64 * 1024);
    }

    RawHttp(int port, int receiveBufferLength) throws IOException {
        socket.setReceiveBufferSize(receiveBufferLength);
        socket.setSoTimeout(TIMEOUT_MS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
    }

    /** One request without a body on a connection of its own; the whole answer, byte for byte. */
    static String ask(int port, String method, String target, String... fields) throws IOException {
        try (RawHttp http = new RawHttp(port)) {
            http.send(method + ' ' + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + String.join("", Arrays.stream(fields).map(field -> field + "\r\n").toList()) + "\r\n");
            return http.readAll();
        }
    }

    RawHttp send(String latin1) throws IOException {
        return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawHttp send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Up to the end of the connection. */
    String readAll() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Up to the blank line behind the fields. */
    String readHead() throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int last = 0;
        while (last != 0x0D0A0D0A) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.write(next);
            last = last << 8 | next;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** Goes away as a crashed client does. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
