package io.tiercel.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HitCountTest {
    private final HitCount hits = new HitCount();

    @Test
    void shouldAcceptHitsAlone() {
        assertThat(hits.count(true)).isTrue();

        assertThatCode(hits::requireAllHits).doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseOneMissAmongHits() {
        hits.count(true);
        assertThat(hits.count(false)).isFalse();

        assertThatThrownBy(hits::requireAllHits).hasMessage("hits=1 misses=1 expected hits alone");
    }

    @Test
    void shouldRefuseARunThatReadNothing() {
        assertThatThrownBy(hits::requireAllHits).hasMessage("hits=0 misses=0 expected hits alone");
    }
}
