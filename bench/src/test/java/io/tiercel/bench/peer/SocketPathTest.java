package io.tiercel.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.bench.load.Payloads;
import io.tiercel.bench.load.ReadPath;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers whose answers are written down here. */
@Timeout(60)
class SocketPathTest {
    private static final String VALUE_0 = "\0\0\0\0\0\0\0\0ab";
    private static final String VALUE_1 = "\1\0\0\0\0\0\0\0ab";

    private final Payloads payloads = new Payloads(10, 1);
    private ServerSocketChannel server;
    private @Nullable SocketChannel accepted;

    @BeforeEach
    void listen() throws IOException {
        server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() {
        CloseHelper.closeAll(accepted, server);
    }

    @Test
    void shouldReadABulkString() throws IOException {
        try (ReadPath path = open(new RespProtocol(), 1, "$10\r\n" + VALUE_0 + "\r\n$-1\r\n")) {
            assertThat(path.read()).isTrue();
            assertThat(path.read()).isFalse();
        }
    }

    @Test
    void shouldRefuseWrongBytes() throws IOException {
        try (ReadPath path = open(new RespProtocol(), 1, "$10\r\n" + VALUE_1 + "\r\n")) {
            assertThatThrownBy(path::read).isInstanceOf(IllegalStateException.class)
                    .hasMessage("wrong bytes: key=rig/10/00000000 begins with 1, length=10 expected 10");
        }
    }

    @Test
    void shouldRefuseAnotherLength() throws IOException {
        try (ReadPath path = open(new RespProtocol(), 1, "$9\r\n" + VALUE_0.substring(1) + "\r\n")) {
            assertThatThrownBy(path::read).hasMessageContaining("length=9 expected 10");
        }
    }

    @Test
    void shouldPassOnWhatAServerRefuses() throws IOException {
        try (ReadPath path = open(new RespProtocol(), 1, "-ERR no\r\n")) {
            assertThatThrownBy(path::read).isInstanceOf(IllegalStateException.class)
                    .hasMessage("unexpected answer: -ERR no");
        }
    }

    @Test
    void shouldReadManyAnswersOfOneWrite() throws IOException {
        String answer = "VA 10\r\n" + VALUE_0 + "\r\n";
        try (ReadPath path = open(new MetaProtocol(), 3, answer.repeat(3) + answer.repeat(2) + "EN\r\n")) {
            assertThat(path.read()).isTrue();
            assertThat(path.read()).isFalse();
        }
    }

    @Test
    void shouldReadManyValuesOfOneRequest() throws IOException {
        String answer = "VALUE rig/10/00000000 0 10\r\n" + VALUE_0 + "\r\n";
        try (ReadPath path = open(new MultiGetProtocol(), 3, (answer.repeat(3) + "END\r\n").repeat(2))) {
            assertThat(path.read()).isTrue();
            assertThat(path.read()).isTrue();
        }
    }

    @Test
    void shouldReadAWebServersObject() throws IOException {
        String head = "HTTP/1.1 200 OK\r\nETag: \"a\"\r\ncontent-Length: 10\r\nX: y\r\n\r\n";
        try (ReadPath path = open(new HttpProtocol("/"), 1, head + VALUE_0 + head + VALUE_0)) {
            assertThat(path.read()).isTrue();
            assertThat(path.read()).isTrue();
        }
    }

    /** A connection on which these bytes come, whatever is asked. */
    private ReadPath open(Protocol protocol, int window, String answers) throws IOException {
        ReadPath path = SocketPath.open(server.getLocalAddress(), protocol, payloads, window);
        SocketChannel channel = server.accept();
        accepted = channel;
        channel.write(ByteBuffer.wrap(answers.getBytes(StandardCharsets.ISO_8859_1)));
        return path;
    }
}
