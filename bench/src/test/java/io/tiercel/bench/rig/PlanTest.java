package io.tiercel.bench.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the two forms of a run are planned to take, by what they do and not by the clock. */
class PlanTest {
    private static final Duration QUICK = Duration.ofMinutes(3);
    private static final Duration WHOLE = Duration.ofMinutes(40);

    @Test
    void shouldPlanAQuickRunWithinThreeMinutes() {
        assertFits(Rigs.all(true, false), true, RigCommand.QUICK_LIMIT, QUICK);
    }

    @Test
    void shouldPlanAWholeRunWithinFortyMinutes() {
        assertFits(Rigs.all(false, false), false, RigCommand.FULL_LIMIT, WHOLE);
    }

    /** Rows are left out at the end of a budget, a run that hangs is ended at its limit: neither must happen to a plan. */
    private static void assertFits(List<Rig> rigs, boolean isQuick, Duration limit, Duration promised) {
        Duration budgets = Duration.ZERO;
        for (Rig rig : rigs) {
            System.out.printf("%s quick=%s: %d s planned of %d%n", rig.name(), isQuick, rig.plan().duration()
                    .toSeconds(), rig.budget(isQuick).toSeconds());
            assertThat(rig.plan().duration().multipliedBy(6).dividedBy(5)).as("a fifth more than the plan of %s", rig
                    .name()).isLessThanOrEqualTo(rig.budget(isQuick));
            budgets = budgets.plus(rig.budget(isQuick));
        }

        assertThat(budgets.plusSeconds(5)).as("budgets, and a row that ends late").isLessThanOrEqualTo(limit);
        assertThat(limit.plusSeconds(5)).as("the limit, and a JVM's start and end").isLessThanOrEqualTo(promised);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldPlanMoreForMore(boolean isQuick) {
        LatencyRig.Timing timing = LatencyRig.Timing.ofMs(100, 200, 300);
        Rig one = new LatencyRig(isQuick ? Readers::quick : Readers::all, List.of(new LatencyRig.Size(64, 1, 1)),
                timing);
        Rig two = new LatencyRig(isQuick ? Readers::quick : Readers::all, List.of(new LatencyRig.Size(64, 1, 1),
                new LatencyRig.Size(128, 1, 1)), timing);

        long systems = isQuick ? 11 : 12;
        assertThat(one.plan().measuredNs()).isEqualTo(systems * TimeUnit.MILLISECONDS.toNanos(600));
        assertThat(two.plan().measuredNs()).isEqualTo(2 * one.plan().measuredNs());
        assertThat(two.plan().ns()).isGreaterThan(one.plan().ns());
    }
}
