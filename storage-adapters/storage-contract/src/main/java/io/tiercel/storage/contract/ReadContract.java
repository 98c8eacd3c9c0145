package io.tiercel.storage.contract;

import static io.tiercel.storage.contract.StoreUnderTest.at;
import static io.tiercel.storage.contract.StoreUnderTest.pattern;
import static io.tiercel.storage.contract.StoreUnderTest.readRest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Opening objects and drawing their bytes. */
interface ReadContract extends StoreUnderTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4096, 131_071, 131_072, 131_073, 262_144, 1_048_579})
    default void shouldReadBackExactBytes(int length) {
        needs(Capability.READ);
        byte[] bytes = pattern(length, 7);
        seed("sizes/object", bytes);

        try (ObjectRead read = store().open(at("sizes/object"))) {
            assertThat(read.info().length()).isEqualTo(length);
            assertThat(readRest(read)).isEqualTo(bytes);
        }
    }

    @Test
    default void shouldDescribeTheObjectThatItOpens() {
        needs(Capability.READ, Capability.METADATA);
        seed("a/object", "12345");

        try (ObjectRead read = store().open(at("a/object"))) {
            assertThat(read.info().path()).isEqualTo(at("a/object"));
            assertThat(read.info().isFile()).isTrue();
            assertThat(read.info().length()).isEqualTo(5);
            assertThat(read.info().etag()).isEqualTo(info("a/object").etag());
            assertThat(read.info().lastModifiedMs()).isEqualTo(info("a/object").lastModifiedMs());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    default void shouldFillBuffersFromPositionToLimit(boolean direct) {
        needs(Capability.READ);
        byte[] bytes = pattern(1000, 3);
        seed("object", bytes);
        ByteBuffer target = direct ? ByteBuffer.allocateDirect(64) : ByteBuffer.allocate(64);
        byte[] seen = new byte[1000];

        try (ObjectRead read = store().open(at("object"))) {
            for (int total = 0; total < 1000;) {
                target.position(5).limit(22);
                int count = read.read(target);
                assertThat(count).isBetween(1, 17);
                assertThat(target.position()).isEqualTo(5 + count);
                assertThat(target.limit()).isEqualTo(22);
                target.get(5, seen, total, count);
                total += count;
            }
        }

        assertThat(seen).isEqualTo(bytes);
    }

    @Test
    default void shouldStayAtTheEnd() {
        needs(Capability.READ);
        seed("object", "x");

        try (ObjectRead read = store().open(at("object"))) {
            assertThat(readRest(read)).hasSize(1);
            assertThat(read.read(ByteBuffer.allocate(8))).isEqualTo(-1);
            assertThat(read.read(ByteBuffer.allocate(8))).isEqualTo(-1);
        }
    }

    @Test
    default void shouldLeaveAFullBufferAlone() {
        needs(Capability.READ);
        seed("object", "x");

        try (ObjectRead read = store().open(at("object"))) {
            assertThat(read.read(ByteBuffer.allocate(0))).isZero();
            assertThat(readRest(read)).hasSize(1);
        }
    }

    @Test
    default void shouldReportAMissingObject() {
        needs(Capability.READ);
        seed("a/object", "x");

        assertFails(Kind.NOT_FOUND, () -> store().open(at("a/other")));
        assertFails(Kind.NOT_FOUND, () -> store().open(at("no/such/folder/object")));
    }

    @Test
    default void shouldNameKindPathAndStoreInAFailure() {
        needs(Capability.READ);

        StorageException failure = assertFails(Kind.NOT_FOUND, () -> store().open(at("missing/one")));

        assertThat(failure.path()).isEqualTo("missing/one");
        assertThat(failure.store()).isEqualTo(store().name());
        assertThat(failure).hasMessageContaining("not found").hasMessageContaining("missing/one")
                .hasMessageContaining(store().name());
    }

    @Test
    default void shouldRefuseToOpenAFolder() {
        needs(Capability.READ);
        seed("folder/object", "x");

        assertFails(Kind.INVALID_PATH, () -> store().open(at("folder")));
    }

    @Test
    default void shouldFindNothingUnderAFile() {
        needs(Capability.READ);
        seed("file", "x");

        assertFails(Kind.NOT_FOUND, () -> store().open(at("file/under")));
        assertFails(Kind.NOT_FOUND, () -> store().open(at("file/under/deeper")));
    }

    @Test
    default void shouldEndAReadAtItsClose() {
        needs(Capability.READ);
        seed("object", pattern(100_000, 1));
        ObjectRead read = store().open(at("object"));
        read.read(ByteBuffer.allocate(10));

        read.close();
        read.close();

        assertThatIllegalStateException().isThrownBy(() -> read.read(ByteBuffer.allocate(10)))
                .withMessageContaining("object");
        assertThat(read.info().length()).isEqualTo(100_000);
    }
}
