package io.tiercel.storage.contract;

import static io.tiercel.storage.contract.StoreUnderTest.at;
import static io.tiercel.storage.contract.StoreUnderTest.pattern;
import static io.tiercel.storage.contract.StoreUnderTest.readRest;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts of objects, and objects of one version alone. */
interface RangeContract extends StoreUnderTest {
    int RANGED_LENGTH = 300_000;

    @ParameterizedTest
    @CsvSource({"0, 1", "0, 300000", "1, 299999", "131071, 2", "299999, 1", "299999, 1000", "150000, -1", "7, 0"})
    default void shouldGiveTheBytesOfARange(int offset, int length) {
        needs(Capability.READ, Capability.RANGE);
        byte[] bytes = pattern(RANGED_LENGTH, 5);
        seed("a/object", bytes);
        int end = length < 0 ? RANGED_LENGTH : Math.min(RANGED_LENGTH, offset + length);

        try (ObjectRead read = store().open(at("a/object"), ReadOptions.WHOLE.range(offset, length))) {
            assertThat(read.offset()).isEqualTo(offset);
            assertThat(read.length()).isEqualTo(end - offset);
            assertThat(read.info().length()).isEqualTo(RANGED_LENGTH);
            assertThat(readRest(read)).isEqualTo(Arrays.copyOfRange(bytes, offset, end));
            assertThat(read.read(ByteBuffer.allocate(8))).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @CsvSource({"10, 0", "10, 1", "11, -1", "5000000000, 10"})
    default void shouldGiveNothingBehindTheEnd(long offset, long length) {
        needs(Capability.READ, Capability.RANGE);
        seed("object", pattern(10, 5));

        try (ObjectRead read = store().open(at("object"), ReadOptions.WHOLE.range(offset, length))) {
            assertThat(read.info().length()).isEqualTo(10);
            assertThat(read.offset()).isEqualTo(10);
            assertThat(read.length()).isZero();
            assertThat(readRest(read)).isEmpty();
        }
    }

    @Test
    default void shouldGiveNothingOfAnEmptyObject() {
        needs(Capability.READ, Capability.RANGE);
        seed("object", new byte[0]);

        try (ObjectRead read = store().open(at("object"), ReadOptions.WHOLE.range(0, 10))) {
            assertThat(read.info().length()).isZero();
            assertThat(readRest(read)).isEmpty();
        }
    }

    @Test
    default void shouldDescribeTheSameObjectWholeAndInPart() {
        needs(Capability.READ, Capability.RANGE);
        seed("object", pattern(RANGED_LENGTH, 5));

        ObjectInfo whole;
        try (ObjectRead read = store().open(at("object"))) {
            whole = read.info();
            assertThat(read.offset()).isZero();
            assertThat(read.length()).isEqualTo(RANGED_LENGTH);
        }

        try (ObjectRead read = store().open(at("object"), ReadOptions.WHOLE.range(100, 50))) {
            assertThat(read.info().etag()).isEqualTo(whole.etag());
            assertThat(read.info().lastModifiedMs()).isEqualTo(whole.lastModifiedMs());
            assertThat(read.info().contentType()).isEqualTo(whole.contentType());
        }
    }

    @Test
    default void shouldTellAMissingObjectAndAFolderFromARange() {
        needs(Capability.READ, Capability.RANGE);
        seed("folder/object", "x");
        ReadOptions range = ReadOptions.WHOLE.range(5, 10);

        assertFails(Kind.NOT_FOUND, () -> store().open(at("folder/other"), range));
        assertFails(Kind.INVALID_PATH, () -> store().open(at(""), range));
    }

    @Test
    default void shouldReadOnlyTheVersionThatMustMatch() {
        needs(Capability.READ, Capability.WRITE, Capability.CONDITIONAL, Capability.METADATA);
        seed("object", "old");
        ReadOptions old = ReadOptions.WHOLE.ifMatch(String.valueOf(info("object").etag()));

        try (ObjectRead read = store().open(at("object"), old)) {
            assertThat(readRest(read)).hasSize(3);
        }
        seed("object", "newer");
        assertFails(Kind.PRECONDITION_FAILED, () -> store().open(at("object"), old));
        assertFails(Kind.NOT_FOUND, () -> store().open(at("missing"), old));
    }

    @Test
    default void shouldReadARangeOnlyOfTheVersionThatMustMatch() {
        needs(Capability.READ, Capability.WRITE, Capability.RANGE, Capability.CONDITIONAL, Capability.METADATA);
        seed("object", pattern(1000, 1));
        ReadOptions old = ReadOptions.WHOLE.range(100, 10).ifMatch(String.valueOf(info("object").etag()));

        try (ObjectRead read = store().open(at("object"), old)) {
            assertThat(readRest(read)).isEqualTo(Arrays.copyOfRange(pattern(1000, 1), 100, 110));
        }
        seed("object", pattern(1000, 2));
        assertFails(Kind.PRECONDITION_FAILED, () -> store().open(at("object"), old));
    }

    @Test
    default void shouldGiveWhatTheCallerHasNotAtAllOrWithTheSameEtag() {
        needs(Capability.READ, Capability.CONDITIONAL, Capability.METADATA);
        seed("object", "still the same");
        String etag = String.valueOf(info("object").etag());

        try (ObjectRead read = store().open(at("object"), ReadOptions.WHOLE.ifNoneMatch(etag))) {
            assertThat(read.info().path()).isEqualTo(at("object"));
            assertThat(read.info().etag()).isEqualTo(etag);
            assertThat(readRest(read)).isEqualTo(read.isUnchanged() ? new byte[0] : "still the same".getBytes(UTF_8));
            assertThat(read.read(ByteBuffer.allocate(8))).isEqualTo(-1);
        }
    }

    @Test
    default void shouldGiveTheNewVersionToACallerThatHasAnOldOne() {
        needs(Capability.READ, Capability.CONDITIONAL, Capability.METADATA);
        seed("object", "old");
        ReadOptions unlessOld = ReadOptions.WHOLE.ifNoneMatch(String.valueOf(info("object").etag()));
        seed("object", "newer");

        try (ObjectRead read = store().open(at("object"), unlessOld)) {
            assertThat(read.isUnchanged()).isFalse();
            assertThat(read.info().etag()).isEqualTo(info("object").etag());
            assertThat(readRest(read)).isEqualTo("newer".getBytes(UTF_8));
        }
        assertFails(Kind.NOT_FOUND, () -> store().open(at("missing"), unlessOld));
        assertFails(Kind.INVALID_PATH, () -> store().open(at(""), unlessOld));
    }

    @Test
    default void shouldNameTheCapabilityThatARangeOrAConditionLacks() {
        needs(Capability.READ);
        seed("object", "x");

        if (!store().capabilities().contains(Capability.RANGE)) {
            StorageException failure = assertFails(Kind.CAPABILITY_NOT_SUPPORTED,
                    () -> store().open(at("object"), ReadOptions.WHOLE.range(0, 1)));
            assertThat(failure.capability()).isEqualTo(Capability.RANGE);
        }
        if (!store().capabilities().contains(Capability.CONDITIONAL)) {
            StorageException failure = assertFails(Kind.CAPABILITY_NOT_SUPPORTED,
                    () -> store().open(at("object"), ReadOptions.WHOLE.ifMatch("\"x\"")));
            assertThat(failure.capability()).isEqualTo(Capability.CONDITIONAL);
        }
    }
}
