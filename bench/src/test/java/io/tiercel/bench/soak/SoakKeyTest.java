package io.tiercel.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.bench.soak.SoakKey.Store;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoakKeyTest {
    private static final String NAME = "own/d0/k1";

    private final SoakKey key = new SoakKey(NAME, Store.NONE);
    private final SoakKey stored = new SoakKey(NAME, Store.FILES);

    @Test
    void shouldAllowWhatWasWrittenLast() {
        key.written(key.issue(), 1);

        assertThat(key.defectOf(SoakPayload.of(NAME, 1), key.floor())).isEmpty();
    }

    @Test
    void shouldAccuseWhatAnAcknowledgedWriteSuperseded() {
        key.written(key.issue(), 1);
        key.written(key.issue(), 1);

        assertThat(key.defectOf(SoakPayload.of(NAME, 1), key.floor())).startsWith("stale: version=1 floor=2");
    }

    @Test
    void shouldAllowAReadThatBeganBeforeTheAcknowledgement() {
        key.written(key.issue(), 1);
        long floor = key.floor();
        key.written(key.issue(), 1);

        assertThat(key.defectOf(SoakPayload.of(NAME, 1), floor)).isEmpty();
    }

    @Test
    void shouldAccuseWhatWasInvalidatedWithNoStoreBehind() {
        key.written(key.issue(), 1);
        key.raise(key.floorIfInvalidated());

        assertThat(key.defectOf(SoakPayload.of(NAME, 1), key.floor())).startsWith("stale");
    }

    @Test
    void shouldAllowAfterAnInvalidationWhatTheStoreHolds() {
        stored.changed(stored.issue());
        stored.changed(stored.issue());
        stored.raise(stored.floorIfInvalidated());

        assertThat(stored.defectOf(SoakPayload.of(NAME, 2), stored.floor())).isEmpty();
        assertThat(stored.defectOf(SoakPayload.of(NAME, 1), stored.floor())).startsWith("stale");
    }

    @Test
    void shouldAllowAWriteOfUnknownOutcomeWhileItsNodeMayLive() {
        key.doubted(key.issue(), 1);
        key.written(key.issue(), 1);

        assertThat(key.defectOf(SoakPayload.of(NAME, 1), key.floor())).isEmpty();

        key.written(key.issue(), 2);

        assertThat(key.defectOf(SoakPayload.of(NAME, 1), key.floor())).startsWith("stale");
    }

    @Test
    void shouldAccuseWhatADeleteEnded() {
        stored.written(stored.issue(), 1);
        stored.deleted(stored.issued());

        assertThat(stored.defectOf(SoakPayload.of(NAME, 1), stored.floor())).startsWith("stale");
    }

    @Test
    void shouldAccuseWhatWasNeverIssued() {
        assertThat(key.defectOf(SoakPayload.of(NAME, 1), key.floor())).startsWith("foreign");
    }

    @Test
    void shouldAccuseAnotherKeysBytes() {
        key.written(key.issue(), 1);

        assertThat(key.defectOf(SoakPayload.of("own/d0/k2", 1), key.floor())).startsWith("torn or foreign");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 33, 64})
    void shouldJudgeParts(int from) {
        long version = longVersion();
        byte[] whole = SoakPayload.of(NAME, version);
        byte[] part = Arrays.copyOfRange(whole, from, from + SoakPayload.LEAST_JUDGEABLE);

        assertThat(key.defectOf(part, from, whole.length, 0)).isEmpty();
        assertThat(key.defectOf(part, from, whole.length, version + 1)).startsWith("stale");
        part[part.length - 1] ^= 1;
        assertThat(key.defectOf(part, from, whole.length, 0)).isNotEmpty();
    }

    @Test
    void shouldAccuseATornPayload() {
        long version = longVersion();
        byte[] whole = SoakPayload.of(NAME, version);

        assertThat(key.defectOf(Arrays.copyOf(whole, whole.length - 40), 0)).startsWith("torn or foreign");
    }

    /** A version of at least a few blocks, issued with all before it. */
    private long longVersion() {
        long version = key.issue();
        while (SoakPayload.lengthOf(NAME, version) < 1_000) {
            version = key.issue();
        }
        return version;
    }
}
