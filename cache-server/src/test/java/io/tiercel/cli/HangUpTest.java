package io.tiercel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class HangUpTest {
    @Test
    void shouldRunAtTheSignalAndEndNothing() throws IOException, InterruptedException {
        AtomicInteger told = new AtomicInteger();

        HangUp hangUp = HangUp.register(told::incrementAndGet);
        assumeTrue(hangUp.isHeard(), "this process was started to ignore SIGHUP");

        for (int i = 1; i <= 2; i++) {
            Process kill = new ProcessBuilder("kill", "-HUP", Long.toString(ProcessHandle.current().pid())).start();
            assertThat(kill.waitFor()).isZero();
            int expected = i;
            Awaitility.await().pollInSameThread().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(told)
                    .hasValue(expected));
        }
    }
}
