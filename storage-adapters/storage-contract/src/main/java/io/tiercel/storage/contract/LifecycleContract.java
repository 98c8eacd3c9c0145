package io.tiercel.storage.contract;

import static io.tiercel.storage.contract.StoreUnderTest.at;
import static io.tiercel.storage.contract.StoreUnderTest.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import java.nio.ByteBuffer;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Opening, asking, closing. */
interface LifecycleContract extends StoreUnderTest {
    @Test
    default void shouldAnswerAPing() {
        store().ping();

        assertThat(store().name()).isNotEmpty();
    }

    @Test
    default void shouldHaveCapabilitiesThatNobodyChanges() {
        assertThatThrownBy(() -> store().capabilities().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    default void shouldNameTheCapabilityThatIsMissing() {
        Map<Capability, ThrowingCallable> uses = Map.of(Capability.READ, () -> store().open(at("x")),
                Capability.METADATA, () -> store().info(at("x")), Capability.WRITE,
                () -> store().write(at("x"), ByteBuffer.allocate(0), WriteOptions.CREATE), Capability.DELETE,
                () -> store().delete(at("x"), true), Capability.LIST,
                () -> store().list(at("x"), ListOptions.DIRECT));

        uses.forEach((capability, use) -> {
            if (!store().capabilities().contains(capability)) {
                StorageException failure = assertFails(Kind.CAPABILITY_NOT_SUPPORTED, use);
                assertThat(failure.capability()).isEqualTo(capability);
                assertThat(failure).hasMessageContaining(capability.name());
            }
        });
        assertThat(uses.keySet()).as("a store does something").anyMatch(store().capabilities()::contains);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "file", "missing"})
    default void shouldBeUnavailableAheadOfEverythingOnceClosed(String path) {
        needs(Capability.READ, Capability.WRITE);
        seed("file", "x");

        store().close();
        store().close();

        StorePath at = at(path);
        assertFails(Kind.UNAVAILABLE, () -> store().open(at));
        assertFails(Kind.UNAVAILABLE, () -> store().info(at));
        assertFails(Kind.UNAVAILABLE, () -> store().write(at, ByteBuffer.allocate(1), WriteOptions.CREATE));
        assertFails(Kind.UNAVAILABLE, () -> store().delete(at, true));
        assertFails(Kind.UNAVAILABLE, () -> store().deleteRecursively(at));
        assertFails(Kind.UNAVAILABLE, () -> store().list(at, ListOptions.DIRECT));
        assertFails(Kind.UNAVAILABLE, () -> store().ping());
        if (store().capabilities().contains(Capability.MOVE)) {
            assertFails(Kind.UNAVAILABLE, () -> store().move(at, at, true));
        }
        if (store().capabilities().contains(Capability.COPY)) {
            assertFails(Kind.UNAVAILABLE, () -> store().copy(at, at, true));
        }
        assertFails(Kind.UNAVAILABLE, () -> store().totals(at));
    }

    @Test
    default void shouldEndReadsAndListingsWhenTheStoreIsClosed() {
        needs(Capability.READ, Capability.LIST);
        seed("file", pattern(100_000, 1));
        seed("other", "x");

        try (ObjectRead read = store().open(at("file"));
                ListingCursor cursor = store().list(at(""), ListOptions.DIRECT.pageSize(1))) {
            assertThat(read.read(ByteBuffer.allocate(10))).isPositive();
            assertThat(cursor.nextPage()).hasSize(1);

            store().close();

            assertFails(Kind.UNAVAILABLE, () -> read.read(ByteBuffer.allocate(10)));
            assertFails(Kind.UNAVAILABLE, cursor::nextPage);
        }
    }

    @Test
    default void shouldLeaveNothingOfAWriteThatTheCloseOvertook() {
        needs(Capability.WRITE, Capability.ATOMIC_WRITE);
        FailingSource source = new FailingSource(300_000, 150_000, () -> store().close());

        assertFails(Kind.UNAVAILABLE, () -> store().write(at("file"), source, 300_000, WriteOptions.CREATE));
    }

    @Test
    default void shouldKeepTheInterruptOfTheCallingThread() {
        needs(Capability.READ, Capability.WRITE);
        seed("file", "old");

        Thread.currentThread().interrupt();
        try {
            write("file", "new");
        } catch (StorageException e) {
            assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.UNAVAILABLE);
        } finally {
            assertThat(Thread.interrupted()).as("interrupt kept").isTrue();
        }

        assertThat(readText("file")).isIn("old", "new");
        assertThat(files("")).containsExactly("file");
    }
}
