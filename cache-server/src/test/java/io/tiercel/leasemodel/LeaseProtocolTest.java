package io.tiercel.leasemodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The lease protocol holds in every order of its steps, and each variant broken on purpose is caught. Prints how many
 * states there were, and the shortest way to each break; {@code docs/lease-protocol.md} says what they mean.
 */
class LeaseProtocolTest {
    private static final boolean IS_FULL = Boolean.getBoolean("tiercel.full");
    private static final int MOST_STATES = 12_000_000;

    @ParameterizedTest
    @CsvSource({"3, 2, false, 0, false", "2, 1, true, 0, false", "2, 2, false, 1, false", "3, 2, false, 1, true",
        "2, 0, true, 0, true", "2, 1, true, 1, true", "3, 1, true, 0, true"})
    void shouldHoldInEveryOrderOfSteps(int generations, int connected, boolean mayLeave, int others, boolean isLong) {
        assumeTrue(IS_FULL || !isLong, "more states than every run has time for: -Dtiercel.full=true");
        Explorer explorer = explorer(Flaw.NONE, new Bounds(generations, connected, mayLeave, others));

        Invariant broken = explorer.run();

        report(Flaw.NONE, explorer, broken);
        assertThat(broken).as(() -> explorer.trace()).isNull();
        assertThat(explorer.stateCount()).as("states").isGreaterThan(100_000);
    }

    @ParameterizedTest
    @CsvSource({"GENERATION_CHECKED_BEFORE_PIN, 2, false, LEASED_MEMORY_DOES_NOT_CHANGE",
        "PIN_WITHOUT_FENCE, 2, false, LEASED_MEMORY_DOES_NOT_CHANGE",
        "GENERATION_WITHOUT_FENCE, 2, false, LEASED_MEMORY_DOES_NOT_CHANGE",
        "PINS_READ_BEFORE_GENERATION, 2, false, LEASED_MEMORY_DOES_NOT_CHANGE",
        "PINS_NOT_READ, 2, false, LEASED_MEMORY_DOES_NOT_CHANGE",
        "STOPPED_READER_CLEARED, 2, false, PINS_OF_THE_LIVING_STAY",
        "READER_FILE_REUSED_IN_PLACE, 1, true, PINS_OF_THE_LIVING_STAY",
        "UNLOCKED_WITH_LEASES, 1, true, PINS_OF_THE_LIVING_STAY",
        "RETIRED_NOT_ASKED, 1, true, PINS_OF_THE_LIVING_STAY",
        "ACKNOWLEDGED_BEFORE_EPOCH, 2, false, NOTHING_OLD_AFTER_THE_ACKNOWLEDGEMENT",
        "EPOCH_NOT_CHECKED, 2, false, NOTHING_OLD_AFTER_THE_ACKNOWLEDGEMENT",
        "FILTER_NOT_ASKED, 2, false, NOTHING_OLD_AFTER_THE_ACKNOWLEDGEMENT",
        "FILTER_ASKED_BEFORE_EPOCH, 2, false, NOTHING_OLD_AFTER_THE_ACKNOWLEDGEMENT",
        "EPOCH_BEFORE_FILTER, 2, false, NOTHING_OLD_AFTER_THE_ACKNOWLEDGEMENT",
        "STATE_NOT_CHECKED, 2, false, NOTHING_OLD_AFTER_THE_ACKNOWLEDGEMENT",
        "DEAD_READER_KEPT, 2, false, UNPINNED_MEMORY_COMES_BACK"})
    void shouldCatchABrokenVariant(Flaw flaw, int connected, boolean mayLeave, Invariant expected) {
        Explorer explorer = explorer(flaw, new Bounds(2, connected, mayLeave, 1));

        Invariant broken = explorer.run();

        report(flaw, explorer, broken);
        assertThat(broken).isEqualTo(expected);
    }

    @Test
    void shouldPackEveryStateLosslessly() {
        ModelState state = new LeaseModel(Flaw.NONE, new Bounds(3, 1, true, 1)).initial();
        state.pins[1] = -1;
        state.pinOnItsWay[1] = true;
        state.store(ModelState.Word.SECOND, 3);
        state.entries[1] = ModelState.Entry.DEAD;
        state.at[1] = ModelState.At.GONE;
        state.seen[1] = 2;
        state.coveringEpoch = 2;

        ModelState copy = new ModelState().unpack(state.packShared(), state.packOwn());

        assertThat(copy).usingRecursiveComparison().ignoringFields("packed", "bits").isEqualTo(state);
    }

    private static Explorer explorer(Flaw flaw, Bounds bounds) {
        return new Explorer(new LeaseModel(flaw, bounds), bounds, MOST_STATES);
    }

    private static void report(Flaw flaw, Explorer explorer, @Nullable Invariant broken) {
        System.out.println(flaw + ": " + explorer);
        if (broken != null) {
            System.out.print(explorer.trace());
        }
    }
}
