package io.tiercel.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PutRequestTest {
    private static final String ETAG = "\"a,b\"";

    @Test
    void shouldReplaceAnythingWithoutACondition() {
        assertThat(request(PutCondition.NONE, "").refusalOver(ETAG)).isNull();
        assertThat(request(PutCondition.NONE, "").refusalOver(null)).isNull();
    }

    @Test
    void shouldReplaceNothingWhenOnlyAbsentIsFine() {
        assertThat(request(PutCondition.IF_ABSENT, "").refusalOver(ETAG)).isEqualTo(ErrorCode.ALREADY_EXISTS);
        assertThat(request(PutCondition.IF_ABSENT, "").refusalOver(null)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "\"a,b\"", "\"x\", \"a,b\"", "W/\"y\",\"a,b\" , \"z\""})
    void shouldReplaceAValueThatMatches(String ifMatch) {
        assertThat(request(PutCondition.IF_MATCH, ifMatch).refusalOver(ETAG)).isNull();
        assertThat(request(PutCondition.IF_MATCH, ifMatch).refusalOver(null)).isEqualTo(ErrorCode.PRECONDITION_FAILED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"a\"", "\"b\"", "a,b", "W/\"a,b\"", "\"a,b", "\"x\", W/\"a,b\"", "\"\""})
    void shouldRefuseToReplaceAValueThatDoesNot(String ifMatch) {
        assertThat(request(PutCondition.IF_MATCH, ifMatch).refusalOver(ETAG)).isEqualTo(ErrorCode.PRECONDITION_FAILED);
    }

    private static PutRequest request(PutCondition condition, String ifMatch) {
        return new PutRequest(Key.of("k"), 1, "", 0, condition, ifMatch, 1000);
    }
}
