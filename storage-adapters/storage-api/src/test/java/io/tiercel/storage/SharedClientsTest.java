package io.tiercel.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tiercel.storage.SharedClients.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedClientsTest {
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicBoolean down = new AtomicBoolean();

    /** A client that notes when it is closed while somebody has it. */
    private final class Client implements AutoCloseable {
        private final AtomicBoolean open = new AtomicBoolean(true);

        private Client() {
            opened.incrementAndGet();
        }

        @Override
        public void close() {
            assertThat(open.getAndSet(false)).as("closed once").isTrue();
            closed.incrementAndGet();
        }
    }

    /** Opened with a number for its host; equal by that number alone. */
    private final class Configuration implements ClientConfiguration<Client> {
        private final int host;

        private Configuration(int host) {
            this.host = host;
        }

        @Override
        public Client open() {
            if (down.get()) {
                throw new IllegalStateException("down");
            }
            return new Client();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Configuration that && host == that.host;
        }

        @Override
        public int hashCode() {
            return host;
        }
    }

    @Test
    void shouldShareTheClientOfEqualConfigurations() {
        SharedClients clients = new SharedClients(10);

        try (Lease<Client> one = clients.acquire(new Configuration(1));
                Lease<Client> same = clients.acquire(new Configuration(1));
                Lease<Client> other = clients.acquire(new Configuration(2))) {
            assertThat(one.client()).isSameAs(same.client()).isNotSameAs(other.client());
        }

        assertThat(opened).hasValue(2);
    }

    @Test
    void shouldCloseWhatIsBeyondTheLimitAndNotInUse() {
        SharedClients clients = new SharedClients(100);

        for (int i = 0; i < 1000; i++) {
            clients.acquire(new Configuration(i)).close();
        }

        assertThat(clients.size()).isEqualTo(100);
        assertThat(closed).hasValue(900);
        clients.close();
        assertThat(closed).hasValue(1000);
        assertThat(clients.size()).isZero();
    }

    @Test
    void shouldNeverCloseWhatIsInUse() {
        SharedClients clients = new SharedClients(2);
        List<Lease<Client>> leases = new ArrayList<>();

        for (int i = 0; i < 10; i++) {
            leases.add(clients.acquire(new Configuration(i)));
        }
        clients.closeIdle();

        assertThat(closed).hasValue(0);
        assertThat(clients.size()).isEqualTo(10);
        clients.close();
        assertThat(closed).hasValue(0);
        leases.forEach(Lease::close);
        leases.forEach(Lease::close);
        assertThat(closed).hasValue(10);
    }

    @Test
    void shouldKeepWhatWasUsedLast() {
        SharedClients clients = new SharedClients(2);
        clients.acquire(new Configuration(1)).close();
        clients.acquire(new Configuration(2)).close();
        clients.acquire(new Configuration(1)).close();

        clients.acquire(new Configuration(3)).close();
        clients.acquire(new Configuration(1)).close();

        assertThat(opened).as("the first was kept").hasValue(3);
    }

    @Test
    void shouldTryAgainAfterAFailedOpening() {
        SharedClients clients = new SharedClients(2);
        down.set(true);
        assertThatIllegalStateException().isThrownBy(() -> clients.acquire(new Configuration(1)));
        assertThat(clients.size()).isZero();

        down.set(false);
        try (Lease<Client> lease = clients.acquire(new Configuration(1))) {
            assertThat(lease.client().open).isTrue();
        }
    }

    @Test
    void shouldRefuseAfterItsClose() {
        SharedClients clients = new SharedClients(2);
        clients.close();
        clients.close();

        assertThatExceptionOfType(StorageException.class).isThrownBy(() -> clients.acquire(new Configuration(1)))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(StorageException.Kind.UNAVAILABLE));
        assertThatIllegalArgumentException().isThrownBy(() -> new SharedClients(-1)).withMessageContaining("-1");
    }

    @Test
    void shouldHoldUnderManyThreads() throws Exception {
        SharedClients clients = new SharedClients(3);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Random random = new Random(i);
                tasks.add(() -> {
                    for (int turn = 0; turn < 5_000; turn++) {
                        try (Lease<Client> lease = clients.acquire(new Configuration(random.nextInt(6)))) {
                            assertThat(lease.client().open).as("open while in use").isTrue();
                        }
                    }
                    return true;
                });
            }
            for (Future<Boolean> task : threads.invokeAll(tasks)) {
                assertThat(task.get()).isTrue();
            }
        }

        assertThat(clients.size()).isLessThanOrEqualTo(3);
        clients.close();
        assertThat(closed.get()).isEqualTo(opened.get());
    }
}
