package io.tiercel.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyspaceTest {
    private static final int KEY_COUNT = 256;

    private final Keyspace keys = new Keyspace(KEY_COUNT);

    @Test
    void shouldNumberKeysOfOneLength() {
        assertThat(IntStream.range(0, KEY_COUNT).mapToObj(keys::key)).doesNotHaveDuplicates()
                .allMatch(key -> key.length() == keys.keyLength());
    }

    @Test
    void shouldDrawEveryKeyAboutAsOften() {
        int drawCount = 1 << 12;
        int[] counts = new int[KEY_COUNT];

        IntStream.range(0, drawCount).forEach(i -> counts[keys.draw()]++);

        assertThat(IntStream.of(counts)).allMatch(count -> count > 0 && count < 4 * drawCount / KEY_COUNT);
    }

    @Test
    void shouldDrawTheSameInEveryRun() {
        Keyspace again = new Keyspace(KEY_COUNT);

        // Past the end of the draw that was made ahead.
        assertThat(IntStream.range(0, 10_000)).allMatch(i -> keys.draw() == again.draw());
    }

    @Test
    void shouldRefuseToHaveNoKey() {
        assertThatThrownBy(() -> new Keyspace(0)).hasMessage("keyCount=0 expected 1 to 1000000");
    }
}
