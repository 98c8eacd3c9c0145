package io.tiercel.bench.rig;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.bench.load.ReadPath;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The rig itself, with systems that are made up here. */
class LatencyRigTest {
    private static final long LENGTH = 64;
    private static final int RATE = 1_000;

    @Test
    void shouldCompareWithTheBaseline() {
        List<Row> rows = run(new Subject("floor", "", payloads -> reading(() -> true)),
                new Subject("fast", "floor", payloads -> reading(() -> true)));

        assertThat(rows).extracting(Row::system).containsExactly("floor", "floor", "fast", "fast");
        assertThat(rows).extracting(row -> row.text("load")).containsExactly("closed", "open", "closed", "open");
        assertThat(rows.get(0).number("ratioToBaseline")).isNaN();
        assertThat(rows.get(2).number("ratioToBaseline")).isPositive();
    }

    @Test
    void shouldFailARunThatMissesItsRate() {
        List<Row> rows = run(new Subject("slow", "", payloads -> reading(() -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            return true;
        })));

        assertThat(rows.get(0).text("state")).isEqualTo("OK");
        assertThat(rows.get(1).text("state")).isEqualTo("FAIL");
        assertThat(rows.get(1).text("why")).startsWith("missed its rate");
    }

    @Test
    void shouldNotCompareWithWhatFailed() {
        List<Row> rows = run(new Subject("floor", "", payloads -> reading(() -> false)),
                new Subject("fast", "floor", payloads -> reading(() -> true)));

        assertThat(rows.get(0).text("why")).contains("hits=0 misses=");
        assertThat(rows.get(2).text("state")).isEqualTo("OK");
        assertThat(rows.get(2).number("ratioToBaseline")).isNaN();
    }

    @Test
    void shouldSkipWhatIsNotInstalledAndNameIt() {
        List<Row> rows = run(new Subject("peer", "", "not installed: peer-server", payloads -> {
            throw new AssertionError("opened");
        }));

        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).text("state")).isEqualTo("SKIPPED");
        assertThat(rows.get(0).text("why")).isEqualTo("not installed: peer-server");
    }

    @Test
    void shouldFailWrongBytesAndGoOn() {
        List<Row> rows = run(new Subject("wrong", "", payloads -> reading(() -> {
            payloads.requireRight(0, 1, payloads.length());
            return true;
        })), new Subject("right", "", payloads -> reading(() -> true)));

        assertThat(rows).hasSize(3);
        assertThat(rows.get(0).text("state")).isEqualTo("FAIL");
        assertThat(rows.get(0).text("why")).contains("wrong bytes: key=rig/64/00000000 begins with 1");
        assertThat(rows.get(1).text("state")).isEqualTo("OK");
    }

    @Test
    void shouldSkipWhatThereIsNoTimeFor() {
        RigRun run = new RigRun(true, row -> {});
        run.begin(Duration.ZERO);

        rig(new Subject("late", "", payloads -> reading(() -> true))).run(run);

        assertThat(run.rows()).extracting(row -> row.text("why")).containsExactly("no time left for it");
    }

    private static List<Row> run(Subject... subjects) {
        RigRun run = new RigRun(true, row -> {});
        run.begin(Duration.ofMinutes(1));
        rig(subjects).run(run);
        return run.rows();
    }

    private static LatencyRig rig(Subject... subjects) {
        long ns = TimeUnit.MILLISECONDS.toNanos(30);
        return new LatencyRig(servers -> List.of(subjects), List.of(new LatencyRig.Size(LENGTH, 1, RATE)),
                new LatencyRig.Timing(ns, ns, ns));
    }

    private static ReadPath reading(BooleanSupplier action) {
        return new ReadPath() {
            @Override
            public boolean read() {
                return action.getAsBoolean();
            }

            @Override
            public void close() {}
        };
    }
}
