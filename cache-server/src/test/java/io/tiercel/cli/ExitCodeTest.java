package io.tiercel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.ErrorCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCodeTest {
    @ParameterizedTest
    @CsvSource({"INVALID_ARGUMENT,2", "INVALID_KEY,2", "BAD_CONFIGURATION,2", "UNAUTHENTICATED,4", "FORBIDDEN,4",
        "NOT_FOUND,3", "NOT_SUPPORTED,4", "NOT_EMPTY,4", "PRECONDITION_FAILED,4", "ALREADY_EXISTS,4",
        "TOO_LARGE,4", "NO_SPACE,4", "OVERLOADED,5", "NOT_YET_AVAILABLE,5", "STORE_REFUSED,5",
        "STORE_UNAVAILABLE,5", "TIMEOUT,5", "NODE_UNAVAILABLE,5", "CORRUPT,1", "INTERNAL,1"})
    void shouldEndWithTheCodeThatScriptsReadFor(ErrorCode code, int exitCode) {
        assertThat(ExitCode.of(code)).isEqualTo(exitCode);
    }
}
