package io.tiercel.bench.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real systems, for a moment each: that they work, not how fast they are. */
@Timeout(180)
class LatencyRigSystemTest {
    private static final Set<String> MEASURED = Set.of(Systems.MAPPED, Systems.IPC, Systems.UDP, Systems.HTTP,
            Systems.REDIS_UNIX, Systems.REDIS_TCP, Systems.MEMCACHED_UNIX, Systems.NGINX, Systems.HAZELCAST,
            Systems.AERON_UDP);
    private static final String MISSED_RATE = "missed its rate";

    @Test
    void shouldMeasureEverySystemThatIsInstalled() {
        RigRun run = new RigRun(true, row -> {});
        run.begin(Duration.ofMinutes(2));

        rig().run(run);

        List<Row> rows = run.rows();
        assertThat(rows).extracting(Row::system).containsAll(MEASURED);
        assertThat(rows).filteredOn(row -> row.system().startsWith("tiercel"))
                .noneMatch(row -> row.text("state").equals("SKIPPED"));
        assertThat(rows).filteredOn(row -> row.text("state").equals("FAIL"))
                .allMatch(row -> row.text("why").startsWith(MISSED_RATE));
        assertThat(rows).filteredOn(row -> row.text("state").equals("SKIPPED"))
                .allMatch(row -> row.text("why").startsWith("not installed: "));
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    private static LatencyRig rig() {
        long ns = TimeUnit.MILLISECONDS.toNanos(20);
        return new LatencyRig(
                servers -> Readers.all(servers).stream().filter(subject -> MEASURED.contains(subject.name())).toList(),
                List.of(new LatencyRig.Size(64, 8, 100)), new LatencyRig.Timing(ns, ns, ns));
    }
}
