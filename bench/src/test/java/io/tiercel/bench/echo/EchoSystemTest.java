package io.tiercel.bench.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EchoSystemTest {
    private static EchoServer server;

    @BeforeAll
    static void start() {
        server = EchoServer.start();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void shouldEchoWhatWasAskedOverIpc() {
        try (EchoPath echo = EchoPath.overIpc(server, 60, 4096)) {
            assertThat(IntStream.range(0, 1000)).allMatch(i -> echo.read());
        }
    }

    @Test
    void shouldEchoWhatWasAskedOverUdp() {
        try (EchoPath echo = EchoPath.overUdp(server, 60, 4096)) {
            assertThat(IntStream.range(0, 1000)).allMatch(i -> echo.read());
        }
    }

    @Test
    void shouldAnswerInAsManyMessagesAsItTakes() {
        try (EchoPath ipc = EchoPath.overIpc(server, 60, 3 << 20);
                EchoPath udp = EchoPath.overUdp(server, 60, 3 << 20)) {
            assertThat(IntStream.range(0, 5)).allMatch(i -> ipc.read() && udp.read());
        }
    }
}
