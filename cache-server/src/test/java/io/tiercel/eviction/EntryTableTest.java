package io.tiercel.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class EntryTableTest {
    private static final int COUNT = 2_000;
    /** The buckets of such a table split up to here. */
    private static final int BUCKETS_MASK = 4_095;

    /** Who knows the mixing but not the secret makes up hashes that would share one bucket without it. */
    @Test
    void shouldSpreadHashesThatWereChosenToCollide() {
        long seed = Long.getLong("tiercel.seed", System.nanoTime());
        long secret = new Random(seed).nextLong();
        long[] hashes = collidingWithoutASecret();

        assertThat(longestChain(hashes, 0L)).as("where the secret is known").isEqualTo(COUNT);
        assertThat(longestChain(hashes, secret)).as("seed=%d", seed).isLessThan(40);
    }

    private static long[] collidingWithoutASecret() {
        long[] hashes = new long[COUNT];
        int count = 0;
        for (long hash = 1; count < COUNT; hash++) {
            if (((int) Mixer.mix(hash) & BUCKETS_MASK) == 0) {
                hashes[count++] = hash;
            }
        }
        return hashes;
    }

    private static int longestChain(long[] hashes, long secret) {
        try (EntryTable table = new EntryTable(EntryFields.LENGTH, secret)) {
            for (long hash : hashes) {
                table.add(hash, 1, 0);
            }
            int longest = 0;
            for (long hash : hashes) {
                assertThat(table.hash(table.find(hash))).isEqualTo(hash);
                longest = Math.max(longest, table.chainLength(hash));
            }
            return longest;
        }
    }
}
