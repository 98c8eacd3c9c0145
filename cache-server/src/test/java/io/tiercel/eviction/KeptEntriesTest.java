package io.tiercel.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeptEntriesTest {
    private static final int CAPACITY = 2_000;

    private final long[] heard = new long[4];
    private final Set<Long> kept = new HashSet<>();

    /** Another rule is followed as soon as the one before was left, so that entries are always under way. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldKnowExactlyWhatIsKeptWhateverRulesFollowEachOther(long seed) {
        Random random = new Random(seed);
        Map<Long, long[]> told = new HashMap<>();
        int followed = 0;
        try (FrequencySketch sketch = new FrequencySketch(CAPACITY, 1); KeptEntries entries = entries(sketch)) {
            for (int step = 0; step < 60_000; step++) {
                long tag = random.nextInt(400);
                int place = random.nextInt(heard.length);
                if (entries.isSettled() && random.nextInt(30) == 0) {
                    followed = (followed + 1 + random.nextInt(Rules.COUNT - 1)) % Rules.COUNT;
                    entries.follow(followed);
                }
                if (random.nextInt(20) == 0) {
                    entries.remove(tag);
                    assertThat(kept).as("seed=%d step=%d", seed, step).doesNotContain(tag);
                } else if (random.nextInt(500) == 0) {
                    entries.capacity(CAPACITY / 2L + random.nextInt(CAPACITY / 2));
                } else {
                    long weight = 1L + random.nextInt(40);
                    boolean wasKept = kept.contains(tag);
                    assertThat(entries.onRequest(tag, weight, place, random.nextBoolean())).as("seed=%d step=%d", seed,
                            step)
                            .isEqualTo(wasKept);
                    told.put(tag, new long[]{weight, place});
                    keptUnlessHeard(entries, tag);
                }
                check(entries, told, "seed=" + seed + " step=" + step);
            }
        }
    }

    private void keptUnlessHeard(KeptEntries entries, long tag) {
        if (entries.contains(tag)) {
            kept.add(tag);
        }
    }

    private void check(KeptEntries entries, Map<Long, long[]> told, String when) {
        long[] expected = new long[heard.length];
        long bytes = 0;
        for (long tag : kept) {
            long[] entry = told.getOrDefault(tag, new long[2]);
            expected[(int) entry[1]] += entry[0];
            bytes += entry[0];
        }
        assertThat(heard).as(when).isEqualTo(expected);
        assertThat(entries.bytes()).as(when).isEqualTo(bytes).isLessThanOrEqualTo(CAPACITY);
        assertThat(entries.count()).as(when).isEqualTo(kept.size());
    }

    @Test
    void shouldKeepWhatWasKeptThroughEveryChange() {
        try (FrequencySketch sketch = new FrequencySketch(CAPACITY, 1); KeptEntries entries = entries(sketch)) {
            for (long tag = 0; tag < CAPACITY; tag++) {
                entries.onRequest(tag, 1, 0, false);
            }

            for (int rule = Rules.COUNT - 1; rule >= 0; rule--) {
                entries.follow(rule);
                for (long tag = 0; tag < CAPACITY; tag++) {
                    assertThat(entries.onRequest(tag, 1, 0, false)).as("rule=%d tag=%d", rule, tag).isTrue();
                }

                assertThat(entries.isSettled()).as("rule=%d", rule).isTrue();
            }
        }
    }

    @Test
    void shouldForgetWhatTheRuleThatWasLeftRemembered() {
        try (FrequencySketch sketch = new FrequencySketch(CAPACITY, 1); KeptEntries entries = entries(sketch)) {
            for (int rule = 1; rule < Rules.COUNT; rule++) {
                entries.follow(rule);
                for (long tag = 0; tag < 10L * CAPACITY; tag++) {
                    entries.onRequest(1_000_000L * rule + tag, 1, 0, false);
                }
            }

            entries.follow(0);
            for (long tag = 0; tag < CAPACITY; tag++) {
                entries.onRequest(tag, 1, 0, false);
            }

            assertThat(entries.rowCount()).as("GDSF remembers nothing").isEqualTo(CAPACITY);
        }
    }

    private KeptEntries entries(FrequencySketch sketch) {
        return new KeptEntries(CAPACITY, sketch, (place, delta) -> heard[place] += delta, kept::remove);
    }
}
