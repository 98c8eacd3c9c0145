package io.tiercel.storage.contract;

import static io.tiercel.storage.contract.StoreUnderTest.at;
import static io.tiercel.storage.contract.StoreUnderTest.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.WriteOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many threads on one store. */
interface ConcurrencyContract extends StoreUnderTest {
    int THREADS = 6;

    @Test
    default void shouldLetOneOfManyCreatorsWin() throws Exception {
        needs(Capability.WRITE, Capability.ATOMIC_WRITE, Capability.READ);

        List<StorageAdapter> adapters = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            adapters.add(openAnother());
        }

        for (int round = 0; round < 20; round++) {
            String path = "race-" + round + "/file";
            Phaser sourcesRead = new Phaser(THREADS);
            AtomicInteger winner = new AtomicInteger(-1);
            AtomicInteger losers = new AtomicInteger();
            together(thread -> {
                FailingSource source = new FailingSource(5000 + thread, 5000 + thread, () -> meet(sourcesRead));
                StorageAdapter own = adapters.get(thread);
                try {
                    own.write(at(path), source, 5000 + thread, WriteOptions.CREATE);
                    assertThat(winner.getAndSet(thread)).as("winner before").isEqualTo(-1);
                } catch (StorageException e) {
                    assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.ALREADY_EXISTS);
                    losers.incrementAndGet();
                } finally {
                    sourcesRead.arriveAndDeregister();
                }
            });
            assertThat(losers).hasValue(THREADS - 1);
            assertThat(readBytes(path)).hasSize(5000 + winner.get());
        }
        adapters.forEach(StorageAdapter::close);
    }

    @Test
    default void shouldLetOneOfManyConditionalWritersWin() throws Exception {
        needs(Capability.WRITE, Capability.CONDITIONAL, Capability.METADATA);
        seed("file", new byte[1]);

        for (int round = 1; round <= 20; round++) {
            String etag = String.valueOf(info("file").etag());
            int length = 100 * round;
            Phaser sourcesRead = new Phaser(THREADS);
            AtomicInteger winners = new AtomicInteger();
            together(thread -> {
                FailingSource source = new FailingSource(length + thread, length, () -> meet(sourcesRead));
                try {
                    store().write(at("file"), source, length + thread, WriteOptions.CREATE.ifMatch(etag));
                    winners.incrementAndGet();
                } catch (StorageException e) {
                    assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.PRECONDITION_FAILED);
                } finally {
                    sourcesRead.arriveAndDeregister();
                }
            });
            assertThat(winners).hasValue(1);
        }
    }

    @Test
    default void shouldReadWholeVersionsWhileOthersReplaceThem() throws Exception {
        needs(Capability.WRITE, Capability.ATOMIC_WRITE, Capability.READ, Capability.LIST);
        int length = 50_000;
        List<byte[]> versions = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            versions.add(pattern(length + i, i));
        }
        seed("file", versions.get(0));
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger reads = new AtomicInteger();

        together(thread -> {
            if (thread < 2) {
                for (int i = 0; i < 25; i++) {
                    seed("file", versions.get((i + thread) % versions.size()));
                }
                done.set(true);
            } else {
                do {
                    byte[] bytes = readBytes("file");
                    assertThat(bytes).isEqualTo(versions.get(bytes.length - length));
                    assertThat(files("")).containsExactly("file");
                    reads.incrementAndGet();
                } while (!done.get());
            }
        });

        assertThat(reads.get()).isPositive();
    }

    @Test
    default void shouldEndInAStoreThatHoldsTogetherWhenTreesAreMadeAndRemoved() throws Exception {
        needs(Capability.WRITE, Capability.DELETE, Capability.LIST, Capability.METADATA);

        together(thread -> {
            for (int i = 0; i < 30; i++) {
                if (thread == 0) {
                    removeOrFindItFilling("tree");
                } else {
                    write("tree/" + thread + "/" + i % 3 + "/file", "x");
                }
            }
        });

        for (String name : names("", ListOptions.RECURSIVE)) {
            assertThat(info(name).isFolder()).as(name).isEqualTo(name.endsWith("/"));
        }
        store().deleteRecursively(at("tree"));
        assertThat(names("", ListOptions.RECURSIVE)).isEmpty();
    }

    private void removeOrFindItFilling(String folder) {
        try {
            store().deleteRecursively(at(folder));
        } catch (StorageException e) {
            assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.DIRECTORY_NOT_EMPTY);
        }
    }

    /** Waits for all who have not given up. */
    private static void meet(Phaser others) throws IOException {
        try {
            others.awaitAdvanceInterruptibly(others.arrive());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the test is over", e);
        }
    }

    /** What one of the threads does. */
    interface Part {
        void play(int thread) throws Exception;
    }

    private static void together(Part part) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                tasks.add(() -> {
                    part.play(thread);
                    return true;
                });
            }
            for (Future<Boolean> task : threads.invokeAll(tasks)) {
                assertThat(task.get()).isTrue();
            }
        }
    }
}
