package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TroubleLogTest {
    private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);

    private final TroubleLog troubles = new TroubleLog("test", false);

    @Test
    void shouldTellEachKindOnceAMinute() {
        assertThat(troubles.report(new IOException("a"), 0L)).isTrue();
        assertThat(troubles.report(new IOException("b"), 1L)).isFalse();
        assertThat(troubles.report(new IllegalStateException("a"), 2L)).isTrue();
        assertThat(troubles.report(new IOException("c"), MINUTE_NS - 1)).isFalse();
        assertThat(troubles.report(new IOException("d"), MINUTE_NS)).isTrue();
        assertThat(troubles.report(new IOException("e"), MINUTE_NS + 1)).isFalse();
    }
}
