package io.tiercel.race;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.GradingResult;

/**
 * The races of this package: none may end as its author forbade, and of those that are broken on purpose each must. The
 * long form runs every mix of interpreter and compilers; how often what is interesting was seen is printed.
 */
class RaceStressTest {
    private static final boolean IS_FULL = Boolean.getBoolean("tiercel.full");
    private static final List<String> QUICK = List.of("-m", "sanity", "-f", "1", "-iters", "2", "-time", "400", "-sc",
            "false", "-af", "NONE");
    private static final List<String> FULL = List.of("-m", "quick", "-f", "1", "-iters", "5", "-time", "2000", "-sc",
            "true");
    private static final List<String> AGAIN = List.of("-m", "sanity", "-f", "1", "-iters", "3", "-time", "2000", "-sc",
            "false", "-af", "NONE");
    private static final long LIMIT_MINUTES = IS_FULL ? 60 : 15;
    private static final int MAX_RUNS = 5;

    @TempDir
    private static Path dir;

    private static final List<TestResult> RESULTS = new ArrayList<>();

    @BeforeAll
    static void race() throws IOException, InterruptedException {
        RESULTS.addAll(RaceRun.of(dir, "io\\.tiercel\\.race\\..*", IS_FULL ? FULL : QUICK, LIMIT_MINUTES));
    }

    @ParameterizedTest
    @ValueSource(classes = {LeaseAgainstReclaim.class, PublishAgainstRead.class, MoveAgainstRead.class,
        InvalidationAgainstLoad.class, InvalidationAgainstLease.class, OtherInvalidationAgainstLease.class,
        ClearingAgainstRelease.class})
    void shouldNeverEndAsForbidden(Class<?> race) {
        Map<String, Long> counts = counts(RESULTS, race);

        System.out.println(race.getSimpleName() + " " + counts);
        assertThat(counts.values().stream().mapToLong(Long::longValue).sum()).as("races run").isPositive();
        assertThat(counts).allSatisfy((outcome, count) -> assertThat(count).as(outcome)
                .matches(n -> n == 0L || !outcome.startsWith(Expect.FORBIDDEN.name())));
    }

    @ParameterizedTest
    @ValueSource(classes = {BrokenCheckBeforePin.class, BrokenClearingInPlace.class, BrokenEpochBeforeFilter.class})
    void shouldFindWhatIsBroken(Class<?> race) throws IOException, InterruptedException {
        List<TestResult> results = RESULTS;

        long found = forbidden(results, race);
        for (int run = 1; run < MAX_RUNS && found == 0L; run++) {
            results = RaceRun.of(dir, race.getName().replace(".", "\\."), AGAIN, LIMIT_MINUTES);
            found = forbidden(results, race);
        }

        System.out.println(race.getSimpleName() + " " + counts(results, race));
        assertThat(found).as("found out").isPositive();
    }

    private static long forbidden(List<TestResult> results, Class<?> race) {
        return counts(results, race).entrySet().stream().filter(entry -> entry.getKey().startsWith(Expect.FORBIDDEN
                .name())).mapToLong(Map.Entry::getValue).sum();
    }

    /** How often each outcome was seen, its grade before it. */
    private static Map<String, Long> counts(List<TestResult> results, Class<?> race) {
        Map<String, Long> counts = new TreeMap<>();
        for (TestResult result : results) {
            if (result.getName().equals(race.getName())) {
                assertThat(result.status()).as(() -> race + ": " + result.getMessages() + result.getVmErr()
                        + result.getVmOut()).isEqualTo(Status.NORMAL);
                for (GradingResult graded : result.grading().gradingResults.values()) {
                    counts.merge(graded.expect.name() + " " + graded.id, graded.count, Long::sum);
                }
            }
        }
        return counts;
    }
}
