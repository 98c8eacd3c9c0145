package io.tiercel.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheRulesTest {
    private static final String DATE = "Fri, 20 Nov 2026 08:00:00 GMT";
    private static final String AN_HOUR_LATER = "Fri, 20 Nov 2026 09:00:00 GMT";
    private static final long HOUR_MS = TimeUnit.HOURS.toMillis(1);
    private static final long LONGEST_MS = (1L << 31) * 1000;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"max-age=60|60000", "MAX-AGE=60|60000", " public , max-age = 60 |60000",
        "max-age=\"60\"|60000", "max-age=0|0", "max-age=60, s-maxage=10|10000", "s-maxage=90, max-age=60|90000",
        "no-cache, max-age=60|0", "max-age=60, no-cache|0", "no-cache=\"Set-Cookie\"|0", "public|-1", ",|-1",
        "max-age=60, max-age=30|30000", "max-age=30, max-age=60|30000", "s-maxage=5, s-maxage=9|5000",
        "x-max-age=60|-1", "must-revalidate|-1"})
    void shouldTellHowLongAnAnswerHolds(String cacheControl, long maxAgeMs) {
        assertThat(rules(cacheControl)).isEqualTo(new CacheRules(maxAgeMs, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-age", "max-age=", "max-age=soon", "max-age=-1", "max-age=1.5", "max-age=\"60",
        "max-age=\"\"", "s-maxage=x, max-age=60", "max-age=6 0"})
    void shouldTakeWhatIsMalformedForStale(String cacheControl) {
        assertThat(rules(cacheControl)).isEqualTo(new CacheRules(0, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-store", "private", "No-Store", "max-age=60, no-store", "private=\"Set-Cookie, Vary\""})
    void shouldForbidToKeepWhatIsNotForAll(String cacheControl) {
        assertThat(rules(cacheControl).mayStore()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-age=2147483648", "max-age=99999999999999999999999"})
    void shouldBoundWhatHoldsForEver(String cacheControl) {
        assertThat(rules(cacheControl).maxAgeMs()).isEqualTo(LONGEST_MS);
    }

    @ParameterizedTest
    @CsvSource({"0, 60000", "15, 45000", "60, 0", "61, 0", "99999999999999999999, 0", "-5, 60000", "old, 60000"})
    void shouldTakeOffTheAgeOfTheAnswer(String age, long maxAgeMs) {
        assertThat(CacheRules.ofHeaders("max-age=60", age, null, null).maxAgeMs()).isEqualTo(maxAgeMs);
    }

    @Test
    void shouldCountExpiryFromTheDateOfTheAnswer() {
        assertThat(CacheRules.ofHeaders(null, null, AN_HOUR_LATER, DATE).maxAgeMs()).isEqualTo(HOUR_MS);
        assertThat(CacheRules.ofHeaders(null, "60", AN_HOUR_LATER, DATE).maxAgeMs()).isEqualTo(HOUR_MS - 60_000);
        assertThat(CacheRules.ofHeaders(null, null, DATE, AN_HOUR_LATER).maxAgeMs()).isZero();
        assertThat(CacheRules.ofHeaders("public", null, AN_HOUR_LATER, DATE).maxAgeMs()).isEqualTo(HOUR_MS);
    }

    @Test
    void shouldCountExpiryFromNowWithoutADate() {
        String later = "Fri, 01 Jan 2100 00:00:00 GMT";

        assertThat(CacheRules.ofHeaders(null, null, later, null).maxAgeMs()).isGreaterThan(24 * HOUR_MS);
        assertThat(CacheRules.ofHeaders(null, null, later, "today").maxAgeMs()).isGreaterThan(24 * HOUR_MS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "", "tomorrow"})
    void shouldTakeAnExpiryThatIsNoDateForPast(String expires) {
        assertThat(CacheRules.ofHeaders(null, null, expires, DATE)).isEqualTo(new CacheRules(0, true));
    }

    @Test
    void shouldPreferWhatCacheControlSaysToAnExpiry() {
        assertThat(CacheRules.ofHeaders("max-age=60", null, AN_HOUR_LATER, DATE).maxAgeMs()).isEqualTo(60_000);
        assertThat(CacheRules.ofHeaders("no-cache", null, AN_HOUR_LATER, DATE).maxAgeMs()).isZero();
    }

    @Test
    void shouldKnowNothingOfAnAnswerThatSaysNothing() {
        assertThat(CacheRules.ofHeaders(null, null, null, DATE)).isEqualTo(CacheRules.NONE);
        assertThat(CacheRules.ofHeaders(null, "60", null, DATE)).isEqualTo(CacheRules.NONE);
    }

    private static CacheRules rules(String cacheControl) {
        return CacheRules.ofHeaders(cacheControl, null, null, null);
    }
}
