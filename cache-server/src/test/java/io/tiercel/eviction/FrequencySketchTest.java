package io.tiercel.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrequencySketchTest {
    private static final long SECRET = 8740;

    private final FrequencySketch sketch = new FrequencySketch(1 << 10, SECRET);

    @AfterEach
    void close() {
        sketch.close();
    }

    @Test
    void shouldCountToFifteen() {
        for (int i = 0; i < 100; i++) {
            sketch.increment(7, Double.MAX_VALUE);
        }

        assertThat(sketch.frequency(7)).isEqualTo(15);
        assertThat(sketch.frequency(8)).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {100, 1_000, 10_000})
    void shouldHalveOnceInAPeriodWhateverTheSize(double period) {
        for (int i = 0; i < 8; i++) {
            sketch.increment(7, Double.MAX_VALUE);
        }

        for (int passed = 0; passed < 4; passed++) {
            assertThat(sketch.frequency(7)).isEqualTo(8 >>> passed);
            otherRequests(period);
        }

        assertThat(sketch.frequency(7)).isZero();
    }

    @Test
    void shouldForgetWhatWasNotAskedForInManyPeriods() {
        for (int i = 0; i < 15; i++) {
            sketch.increment(7, Double.MAX_VALUE);
        }

        for (int passed = 0; passed < 100; passed++) {
            otherRequests(100);
        }

        assertThat(sketch.frequency(7)).isZero();
    }

    @Test
    void shouldDoAsASketchThatHalvesAtOnce() {
        SplittableRandom random = new SplittableRandom(SECRET);
        EagerSketch eager = new EagerSketch();

        for (int i = 0; i < 200_000; i++) {
            long hash = (long) random.nextInt(500) * random.nextInt(4);
            double period = 50 + random.nextInt(5_000);
            sketch.increment(hash, period);
            eager.increment(hash, period);
            long looked = random.nextInt(1_500);
            assertThat(sketch.frequency(looked)).as("step=%d", i).isEqualTo(eager.frequency(looked));
        }
    }

    /** Lets one period pass, and asks for another hash meanwhile. */
    private void otherRequests(double period) {
        for (int i = 0; i < period; i++) {
            sketch.increment(1_000_003, period);
        }
    }

    /** The same counts, where each word is halved as the sweep comes by. */
    private static final class EagerSketch {
        private final long[] words = new long[1 << 10];
        private int sweep;
        private double due;

        int frequency(long hash) {
            long mixed = Mixer.mix(hash ^ SECRET);
            int least = 15;
            for (int i = 0; i < 4; i++) {
                least = Math.min(least, (int) (words[index(mixed, i)] >>> shift(mixed, i)) & 15);
            }
            return least;
        }

        void increment(long hash, double period) {
            long mixed = Mixer.mix(hash ^ SECRET);
            for (int i = 0; i < 4; i++) {
                if (((words[index(mixed, i)] >>> shift(mixed, i)) & 15) < 15) {
                    words[index(mixed, i)] += 1L << shift(mixed, i);
                }
            }
            for (due += words.length / period; due >= 1; due--) {
                words[sweep] = (words[sweep] >>> 1) & 0x7777777777777777L;
                sweep = (sweep + 1) % words.length;
            }
        }

        private int index(long mixed, int i) {
            long spread = mixed * (0x9E3779B97F4A7C15L + 2L * i * 0xC3A5C85C97CB3127L);
            return (int) (spread >>> 32) & (words.length - 1);
        }

        private static int shift(long mixed, int i) {
            return 4 * ((int) ((mixed >>> (4 * i)) & 3) + 4 * i);
        }
    }
}
