package io.tiercel.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecentPlacesTest {
    private static final int CAPACITY = 24;
    private static final int HASHES = 32;

    private final Behind behind = new Behind();
    private final RecentPlaces places = new RecentPlaces(behind);
    private final FramePlace place = new FramePlace();

    @Test
    void shouldAnswerAsTheIndexBehindWhateverSharesASet() {
        Random random = new Random(7);
        for (int step = 0; step < 200_000; step++) {
            long hash = hash(random.nextInt(HASHES));
            switch (random.nextInt(6)) {
                case 0 -> {
                    boolean fits = behind.places.containsKey(hash) || behind.places.size() < CAPACITY;
                    assertThat(places.put(hash, place.wrap(step & 7, step, random.nextInt(), -step))).isEqualTo(fits);
                }
                case 1 -> places.remove(hash);
                default -> assertFindsWhatIsBehind(hash);
            }
            assertThat(places.count()).isEqualTo(behind.places.size());
        }
    }

    private void assertFindsWhatIsBehind(long hash) {
        FramePlace expected = behind.places.get(hash);
        place.wrap(1, 2, 3, 4);
        assertThat(places.find(hash, place)).isEqualTo(expected != null);
        if (expected == null) {
            assertThat(place.is(1, 2, 3)).as("a miss leaves what it was given").isTrue();
        } else {
            assertThat(place.is(expected.slot(), expected.generation(), expected.offset())).isTrue();
            assertThat(place.verifiedAt()).isEqualTo(expected.verifiedAt());
        }
    }

    /** Hashes of four sets, eight each, one of them 0. */
    private static long hash(int number) {
        return (long) (number >>> 3) << 20 | (number & 7L) << 60;
    }

    @Test
    void shouldLookUpOnceWhatIsAskedForAgain() {
        behind.put(hash(1), place.wrap(1, 2, 3, 4));
        places.find(hash(1), place);
        places.find(hash(1), place);
        assertThat(behind.finds).isEqualTo(1);

        places.put(hash(2), place.wrap(5, 6, 7, 8));
        places.find(hash(2), place);
        assertThat(behind.finds).as("what was put is known").isEqualTo(1);

        places.put(hash(3), place);
        places.find(hash(2), place);
        places.find(hash(3), place);
        assertThat(behind.finds).as("two of a set are").isEqualTo(1);
        places.find(hash(1), place);
        assertThat(behind.finds).as("a third is not").isEqualTo(2);
    }

    @Test
    void shouldAllocateNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] known = {hash(8), hash(9), hash(16), hash(17)};
        for (long hash : known) {
            places.put(hash, place.wrap(1, 2, 3, 4));
        }
        long before = 0;
        for (int round = 0; round < 3; round++) {
            before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100_000; i++) {
                places.find(known[i & 3], place);
            }
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4096);
    }

    /** An index in plain sight that counts what it is asked. */
    private static final class Behind implements FrameIndex {
        private final Map<Long, FramePlace> places = new HashMap<>();
        private int finds;

        @Override
        public boolean find(long hash, FramePlace out) {
            finds++;
            FramePlace found = places.get(hash);
            if (found != null) {
                out.wrap(found.slot(), found.generation(), found.offset(), found.verifiedAt());
            }
            return found != null;
        }

        @Override
        public boolean put(long hash, FramePlace at) {
            if (!places.containsKey(hash) && places.size() >= CAPACITY) {
                return false;
            }
            places.put(hash, new FramePlace().wrap(at.slot(), at.generation(), at.offset(), at.verifiedAt()));
            return true;
        }

        @Override
        public void remove(long hash) {
            places.remove(hash);
        }

        @Override
        public long count() {
            return places.size();
        }

        @Override
        public long capacity() {
            return CAPACITY;
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
