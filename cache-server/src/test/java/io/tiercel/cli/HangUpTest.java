package io.tiercel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HangUpTest {
    @Test
    void shouldRunAtTheSignalAndEndNothing() throws IOException, InterruptedException {
        CountDownLatch told = new CountDownLatch(2);

        boolean isRegistered = HangUp.register(told::countDown);
        for (int i = 0; i < 2; i++) {
            long left = told.getCount();
            Process kill = new ProcessBuilder("kill", "-HUP", Long.toString(ProcessHandle.current().pid())).start();
            assertThat(kill.waitFor()).isZero();
            while (told.getCount() == left) {
                Thread.onSpinWait();
            }
        }

        assertThat(isRegistered).isTrue();
        assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
