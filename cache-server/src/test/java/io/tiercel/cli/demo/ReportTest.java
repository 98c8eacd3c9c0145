package io.tiercel.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.cli.demo.Finding.Check;
import io.tiercel.cli.demo.Finding.Latency;
import org.junit.jupiter.api.Test;

class ReportTest {
    private final Report report = new Report();

    @Test
    void shouldAlignWhatHeldAndHowLongItTook() {
        report.add(new Check("short", true, "x"));
        report.add(new Check("longer name", true, "y"));
        report.add(new Latency("mapped", 4096, 7, 250, 1_500_000));

        assertThat(report.lines()).containsExactly("held    short        x", "held    longer name  y", "",
                "repeat read             payload        p50        p99    reads",
                "mapped                   4.0KiB     0.25us      1.5ms        7");
        assertThat(report.isHeld()).isTrue();
    }

    @Test
    void shouldNotHoldWhenOneThingDidNot() {
        report.add(new Check("a", true, ""));
        report.add(new Check("b", false, "why"));

        assertThat(report.isHeld()).isFalse();
        assertThat(report.lines()).contains("BROKEN  b  why");
        assertThat(report.json()).isEqualTo(
                "{\"held\":false,\"checks\":[{\"name\":\"a\",\"held\":true,\"detail\":\"\"},"
                        + "{\"name\":\"b\",\"held\":false,\"detail\":\"why\"}],\"latencies\":[]}");
    }

    @Test
    void shouldNotHoldWhenNothingWasFound() {
        assertThat(report.isHeld()).isFalse();
    }

    @Test
    void shouldCarryFindingsFromOneProcessToTheOther() {
        Check check = new Check("a", false, "b\tc\nd");
        Latency latency = new Latency("x", 1, 2, 3, 4);

        assertThat(Finding.tryParse(check.line())).isEqualTo(new Check("a", false, "b c d"));
        assertThat(Finding.tryParse(latency.line())).isEqualTo(latency);
        assertThat(Finding.tryParse("WARNING: something else")).isNull();
    }
}
