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
            if ((EntryTable.tagOf(hash, 0L) & BUCKETS_MASK) == 0) {
                hashes[count++] = hash;
            }
        }
        return hashes;
    }

    private static int longestChain(long[] hashes, long secret) {
        try (EntryTable table = new EntryTable(EntryTable.FIELDS_OFFSET + 1)) {
            for (long hash : hashes) {
                table.add(EntryTable.tagOf(hash, secret), 1);
            }
            int longest = 0;
            for (long hash : hashes) {
                long tag = EntryTable.tagOf(hash, secret);
                assertThat(table.tag(table.find(tag))).isEqualTo(tag);
                longest = Math.max(longest, table.chainLength(tag));
            }
            return longest;
        }
    }
}
