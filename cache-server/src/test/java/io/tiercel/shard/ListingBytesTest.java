package io.tiercel.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tiercel.load.ListedEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ListingBytesTest {
    private static final List<ListedEntry> ENTRIES = List.of(new ListedEntry("a", true, 0, "", 0), new ListedEntry(
            "a/ä", false, 0, "\"e\"", 1_700_000_000_000L), new ListedEntry("a/äö", false, -1, "", 5), new ListedEntry(
                    "b", false, Long.MAX_VALUE - 1, "\"é\"", 0), new ListedEntry("b", true, 0, "", -7));

    @Test
    void shouldGiveBackWhatWasAdded() {
        ListingBytes bytes = new ListingBytes();
        ENTRIES.forEach(entry -> assertThat(bytes.tryAdd(entry, 1_000)).isTrue());

        assertThat(read(new UnsafeBuffer(bytes.view()))).isEqualTo(ENTRIES);
    }

    @Test
    void shouldTakeNothingBeyondTheLimitAndAllUpToIt() {
        ListingBytes whole = new ListingBytes();
        ENTRIES.forEach(entry -> whole.tryAdd(entry, 1_000));
        ListingBytes short1 = new ListingBytes();
        int taken = 0;
        for (ListedEntry entry : ENTRIES) {
            taken += short1.tryAdd(entry, whole.length() - 1) ? 1 : 0;
        }
        ListingBytes exact = new ListingBytes();

        assertThat(taken).isEqualTo(ENTRIES.size() - 1);
        assertThat(read(new UnsafeBuffer(short1.view()))).isEqualTo(ENTRIES.subList(0, taken));
        assertThat(ENTRIES).allMatch(entry -> exact.tryAdd(entry, whole.length()));
    }

    @Test
    void shouldTakeFewBytesForNeighbours() {
        ListingBytes bytes = new ListingBytes();
        for (int i = 0; i < 1_000; i++) {
            bytes.tryAdd(new ListedEntry("some/long/folder/name/part-%05d.parquet".formatted(i), false, 1_000_000, "",
                    1_700_000_000_000L + i), Long.MAX_VALUE);
        }

        assertThat(bytes.length()).isLessThan(20 * 1_000);
    }

    @Test
    void shouldRefuseWhatIsNoListing() {
        assertThatThrownBy(() -> read(new UnsafeBuffer(new byte[]{9, 0}))).isInstanceOf(IllegalArgumentException.class);
        ListingBytes bytes = new ListingBytes();
        ENTRIES.forEach(entry -> bytes.tryAdd(entry, 1_000));
        byte[] good = new byte[bytes.length()];
        bytes.view().getBytes(0, good);
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 2_000; i++) {
            byte[] bad = Arrays.copyOf(good, 1 + random.nextInt(good.length));
            bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            // It reads something or says so, and ends either way.
            assertThat(catchThrowable(() -> read(new UnsafeBuffer(bad)))).satisfiesAnyOf(failure -> assertThat(failure)
                    .isNull(),
                    failure -> assertThat(failure).isInstanceOf(IllegalArgumentException.class));
        }
    }

    private static List<ListedEntry> read(UnsafeBuffer bytes) {
        List<ListedEntry> entries = new ArrayList<>();
        ListingReader reader = new ListingReader();
        while (!reader.isAtEnd(bytes)) {
            entries.add(reader.next(bytes));
        }
        return entries;
    }
}
