package io.tiercel.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathOrderTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldKeepEverySubtreeTogetherRightBehindItsFolder(long seed) {
        NavigableSet<String> paths = new TreeSet<>(PathOrder.INSTANCE);
        Random random = new Random(seed);
        String letters = "/ab-.!\u0001\uffff";
        for (int i = 0; i < 500; i++) {
            StringBuilder path = new StringBuilder("a");
            random.ints(6, 0, letters.length()).forEach(at -> path.append(letters.charAt(at)));
            paths.add(path.toString());
        }

        for (String folder : paths) {
            List<String> below = new ArrayList<>(paths.tailSet(PathOrder.insideOf(folder), true)
                    .headSet(PathOrder.behind(folder), false));
            List<String> expected = paths.stream().filter(path -> path.startsWith(folder + '/')).toList();
            assertThat(below).as("seed=%s folder=%s", seed, folder).isEqualTo(expected);
        }
    }
}
