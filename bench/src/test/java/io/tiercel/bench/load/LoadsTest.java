package io.tiercel.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class LoadsTest {
    private static final long SHORT_NS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Each read takes 10 ms at least. */
    private static final ReadPath SLOW = path(() -> {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        return true;
    });

    @Test
    void shouldSayThatARateWasMissed() {
        Figures figures = Loads.run(SLOW, new Load(1_000, SHORT_NS));

        assertThat(figures.defect()).startsWith("missed its rate: took ");
    }

    @Test
    void shouldCountFromWhenAReadWasDue() {
        Figures figures = Loads.run(SLOW, new Load(1_000, SHORT_NS));

        // The fifth is due after 4 ms and begins after 40 at least.
        assertThat(figures.hits()).isGreaterThanOrEqualTo(5);
        assertThat(figures.latencies().getMaxValue()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(40));
    }

    @Test
    void shouldCountFromWhenAReadBeganInAClosedLoop() {
        Figures figures = Loads.run(SLOW, Load.closed(SHORT_NS));

        assertThat(figures.defect()).isEmpty();
        assertThat(figures.latencies().getTotalCount()).isEqualTo(figures.hits());
        assertThat(figures.latencies().getMinValue()).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(9));
    }

    @Test
    void shouldAddUpLoadsThatFollowEachOther() {
        Figures first = Loads.run(SLOW, Load.closed(SHORT_NS));
        Figures second = Loads.run(path(() -> false), Load.closed(1));

        Figures both = Loads.nothing().then(first).then(second);

        assertThat(both.hits()).isEqualTo(first.hits());
        assertThat(both.misses()).isEqualTo(1);
        assertThat(both.tookNs()).isEqualTo(first.tookNs() + second.tookNs());
        assertThat(both.valueCount()).isEqualTo(first.valueCount() + second.valueCount());
        assertThat(both.latencies().getTotalCount()).isEqualTo(first.hits() + 1);
        assertThat(both.latencies().getMaxValue()).isEqualTo(first.latencies().getMaxValue());
    }

    @Test
    void shouldSayThatThereWereMisses() {
        Figures figures = Loads.run(path(() -> false), Load.closed(0));

        assertThat(figures.defect()).isEqualTo("hits=0 misses=1 expected hits alone");
    }

    private static ReadPath path(java.util.function.BooleanSupplier reading) {
        return new ReadPath() {
            @Override
            public boolean read() {
                return reading.getAsBoolean();
            }

            @Override
            public void close() {}
        };
    }
}
