package io.tiercel.bench.rig;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.client.Mode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The rigs besides that of latency, as small as can be: that they work. */
@Timeout(240)
class RigsSystemTest {
    @Test
    void shouldReadFirstValues() {
        List<Row> rows = run(new FirstValueRig(1 << 20, 20));

        assertThat(rows).extracting(Row::system).containsExactly(Systems.REDIS_UNIX, Systems.FLIGHT, Systems.MAPPED,
                Systems.IPC);
        assertThat(rows).filteredOn(row -> !row.system().equals(Systems.REDIS_UNIX))
                .allMatch(row -> row.text("state").equals("OK") && row.number("firstNs") > 0);
    }

    @Test
    @EnabledIfSystemProperty(named = "tiercel.full", matches = "true")
    void shouldReadWhileTheNodeDoesSomethingElse() {
        List<Row> rows = run(new InterferenceRig(20, 50, 1_000, 2, List.of(Mode.MAPPED)));

        assertThat(rows).extracting(row -> row.text("load")).containsExactly("quiet", "invalidations",
                "rebuild", "quiet", "eviction");
        assertThat(rows).allMatch(row -> row.text("state").equals("OK"));
        assertThat(rows.get(1).number("ratioToBaseline")).isPositive();
    }

    @Test
    void shouldReadValuesOfSeveralLengthsInTurns() {
        List<Row> rows = run(new LengthsRig(List.of(64, 65_536), 20, 100));

        assertThat(rows).extracting(row -> row.number("payloadBytes")).containsExactly(64.0, 65_536.0);
        assertThat(rows).allMatch(row -> row.text("state").equals("OK") && row.number("ratioToBaseline") > 0);
        assertThat(rows.get(0).number("ratioToBaseline")).isEqualTo(1.0);
    }

    @Test
    void shouldWeighFramesAndStartWithThem() {
        List<Row> rows = run(new FramesRig(1, 1_000));

        assertThat(rows).extracting(row -> row.text("load")).containsExactly("memory", "start");
        assertThat(rows).allMatch(row -> row.text("state").equals("OK"));
        assertThat(rows.get(0).number("storeBytesPerFrame")).isBetween(1.0, 1_000.0);
        assertThat(rows.get(1).number(Row.P50)).isGreaterThan(rows.get(1).number("readyP50Ns"));
    }

    private static List<Row> run(Rig rig) {
        RigRun run = new RigRun(true, row -> {});
        run.begin(Duration.ofMinutes(3));
        rig.run(run);
        return run.rows();
    }
}
