package io.tiercel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {
    /** Programs of other versions know these numbers: add to the list, never change it. */
    @Test
    void shouldKeepItsNumbers() {
        String numbers = Arrays.stream(ErrorCode.values()).map(code -> code.number() + " " + code)
                .collect(Collectors.joining("\n"));

        assertThat(numbers).isEqualTo("""
                1 INVALID_ARGUMENT
                2 INVALID_KEY
                3 BAD_CONFIGURATION
                4 UNAUTHENTICATED
                5 FORBIDDEN
                6 NOT_FOUND
                7 NOT_SUPPORTED
                8 NOT_EMPTY
                9 PRECONDITION_FAILED
                10 ALREADY_EXISTS
                11 TOO_LARGE
                12 NO_SPACE
                13 OVERLOADED
                14 NOT_YET_AVAILABLE
                15 STORE_REFUSED
                16 STORE_UNAVAILABLE
                17 TIMEOUT
                18 NODE_UNAVAILABLE
                19 CORRUPT
                20 INTERNAL""");
    }

    @Test
    void shouldTurnNumbersBackAndUnknownOnesIntoInternal() {
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(ErrorCode.ofNumber(code.number())).isEqualTo(code);
        }
        for (int unknown : new int[]{0, -1, 21, 65_535, Integer.MIN_VALUE}) {
            assertThat(ErrorCode.ofNumber(unknown)).isEqualTo(ErrorCode.INTERNAL);
        }
    }
}
