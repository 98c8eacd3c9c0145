package io.tiercel.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LruPolicyTest implements EvictionPolicyContract {
    @Override
    public LruPolicy policy(long capacity, long mostEntries, EvictionPolicy.Listener listener) {
        return new LruPolicy(capacity, listener);
    }

    @Test
    void shouldKeepWhatWasRequestedLast() {
        try (LruPolicy policy = policy(3, 3, (place, delta) -> {})) {
            for (int hash : new int[]{1, 2, 3, 1, 4}) {
                policy.onRequest(hash, 1, 0);
            }

            assertThat(policy.isKept(1)).isTrue();
            assertThat(policy.isKept(2)).isFalse();
        }
    }
}
