package io.tiercel.storage.contract;

import static io.tiercel.storage.contract.StoreUnderTest.at;
import static io.tiercel.storage.contract.StoreUnderTest.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.WriteOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many threads on one store. */
interface ConcurrencyContract extends StoreUnderTest {
    int THREADS = 6;

    @Test
    default void shouldLetOneOfManyCreatorsWin() throws Exception {
        needs(Capability.WRITE, Capability.ATOMIC_WRITE, Capability.READ);

        for (int round = 0; round < 20; round++) {
            String path = "race-" + round + "/file";
            AtomicInteger winner = new AtomicInteger(-1);
            AtomicInteger losers = new AtomicInteger();
            together(thread -> {
                try {
                    store().write(at(path), ByteBuffer.wrap(pattern(5000, thread)), WriteOptions.CREATE);
                    assertThat(winner.getAndSet(thread)).as("winner before").isEqualTo(-1);
                } catch (StorageException e) {
                    assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.ALREADY_EXISTS);
                    losers.incrementAndGet();
                }
            });
            assertThat(losers).hasValue(THREADS - 1);
            assertThat(readBytes(path)).isEqualTo(pattern(5000, winner.get()));
        }
    }

    @Test
    default void shouldLetOneOfManyConditionalWritersWin() throws Exception {
        needs(Capability.WRITE, Capability.CONDITIONAL, Capability.METADATA);
        seed("file", new byte[1]);

        for (int round = 1; round <= 20; round++) {
            String etag = String.valueOf(info("file").etag());
            byte fill = (byte) round;
            AtomicInteger winners = new AtomicInteger();
            together(thread -> {
                byte[] bytes = new byte[100 + thread];
                Arrays.fill(bytes, fill);
                try {
                    store().write(at("file"), ByteBuffer.wrap(bytes), WriteOptions.CREATE.ifMatch(etag));
                    winners.incrementAndGet();
                } catch (StorageException e) {
                    assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.PRECONDITION_FAILED);
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
