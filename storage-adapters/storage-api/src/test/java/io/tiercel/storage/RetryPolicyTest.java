package io.tiercel.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetryPolicyTest {
    private final Random random = new Random(7);

    @Test
    void shouldDoubleTheLimitUpToTheCap() {
        RetryPolicy policy = new RetryPolicy(100, 200, 10_000);

        for (int attempt = 1; attempt < 100; attempt++) {
            long limitMs = attempt > 6 ? 10_000 : 200L << (attempt - 1);
            for (int i = 0; i < 20; i++) {
                assertThat(policy.delayMs(attempt, unavailable(0), random)).isBetween(0L, limitMs);
            }
        }
        assertThat(policy.delayMs(100, unavailable(0), random)).isEqualTo(-1);
        assertThatIllegalArgumentException().isThrownBy(() -> new RetryPolicy(0, 1, 1)).withMessageContaining("0");
    }

    @Test
    void shouldWaitAsLongAsTheStoreAsksButNoLongerThanTheCap() {
        assertThat(RetryPolicy.USUAL.delayMs(1, unavailable(9_000), random)).isEqualTo(9_000);
        assertThat(RetryPolicy.USUAL.delayMs(1, unavailable(10_001), random)).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource(value = StorageException.Kind.class, names = "UNAVAILABLE", mode = EnumSource.Mode.EXCLUDE)
    void shouldNotTryAgainWhatWasAnswered(StorageException.Kind kind) {
        assertThat(RetryPolicy.USUAL.delayMs(1, StorageException.of(kind).build(), random)).isEqualTo(-1);
    }

    private static StorageException unavailable(int retryAfterMs) {
        return StorageException.of(StorageException.Kind.UNAVAILABLE).retryAfterMs(retryAfterMs).build();
    }
}
