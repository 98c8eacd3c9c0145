package io.tiercel.storage.contract;

import static io.tiercel.storage.contract.StoreUnderTest.at;
import static io.tiercel.storage.contract.StoreUnderTest.pattern;
import static io.tiercel.storage.contract.StoreUnderTest.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Moves and copies inside a store. */
interface TransferContract extends StoreUnderTest {
    /** Which of the two. */
    enum Way {
        MOVE, COPY;

        Capability capability() {
            return this == MOVE ? Capability.MOVE : Capability.COPY;
        }
    }

    private WriteResult carry(Way way, String from, String to, boolean overwrite) {
        return way == Way.MOVE ? store().move(at(from), at(to), overwrite) : store().copy(at(from), at(to), overwrite);
    }

    private void expectSource(Way way, String path) {
        BooleanSupplier there = () -> files("").contains(path);
        assertThat(there.getAsBoolean()).as("source is there after %s", way).isEqualTo(way == Way.COPY);
    }

    @ParameterizedTest
    @EnumSource
    default void shouldCarryAnObjectIntoAFolderThatIsMissing(Way way) {
        needs(way.capability(), Capability.READ, Capability.LIST);
        byte[] bytes = pattern(200_000, 4);
        seed("a/object", bytes);

        WriteResult result = carry(way, "a/object", "b/c/other", false);

        assertThat(readBytes("b/c/other")).isEqualTo(bytes);
        assertThat(result.isCreated()).isTrue();
        assertThat(result.info().path()).isEqualTo(at("b/c/other"));
        assertThat(result.info().length()).isEqualTo(bytes.length);
        assertThat(result.etag()).isEqualTo(info("b/c/other").etag());
        expectSource(way, "a/object");
    }

    @ParameterizedTest
    @EnumSource
    default void shouldOverwriteOnlyWhenAsked(Way way) {
        needs(way.capability(), Capability.READ, Capability.LIST);
        seed("from", "new");
        seed("to", "old");

        assertFails(Kind.ALREADY_EXISTS, () -> carry(way, "from", "to", false));
        assertThat(readText("to")).isEqualTo("old");
        assertThat(readText("from")).isEqualTo("new");

        assertThat(carry(way, "from", "to", true).isCreated()).isFalse();
        assertThat(readText("to")).isEqualTo("new");
        expectSource(way, "from");
    }

    @ParameterizedTest
    @EnumSource
    default void shouldDoNothingOntoItself(Way way) {
        needs(way.capability(), Capability.METADATA, Capability.READ);
        seed("object", "x");
        ObjectInfo before = info("object");

        assertThat(carry(way, "object", "object", false).etag()).isEqualTo(before.etag());
        assertThat(carry(way, "object", "object", true).etag()).isEqualTo(before.etag());

        assertThat(info("object").etag()).isEqualTo(before.etag());
        assertThat(readText("object")).isEqualTo("x");
        assertFails(Kind.NOT_FOUND, () -> carry(way, "missing", "missing", true));
    }

    @ParameterizedTest
    @EnumSource
    default void shouldReportAMissingSourceAheadOfTheDestination(Way way) {
        needs(way.capability());
        seed("file", "x");
        seed("folder/object", "x");

        assertFails(Kind.NOT_FOUND, () -> carry(way, "missing", "file", false));
        assertFails(Kind.NOT_FOUND, () -> carry(way, "missing", "folder", false));
        assertFails(Kind.NOT_FOUND, () -> carry(way, "missing", "file/under", false));
        assertFails(Kind.NOT_FOUND, () -> carry(way, "file/under", "other", false));
        assertFails(Kind.INVALID_PATH, () -> carry(way, "missing", "", false));
    }

    @ParameterizedTest
    @EnumSource
    default void shouldRefuseWrongKindsOnEitherSide(Way way) {
        needs(way.capability(), Capability.READ);
        seed("file", "x");
        seed("folder/object", "y");

        assertFails(Kind.INVALID_PATH, () -> carry(way, "folder", "other", true));
        assertFails(Kind.INVALID_PATH, () -> carry(way, "", "other", true));
        assertFails(Kind.INVALID_PATH, () -> carry(way, "file", "", true));
        if (keepsEmptyFolders()) {
            assertFails(Kind.INVALID_PATH, () -> carry(way, "file", "folder", true));
            assertFails(Kind.INVALID_PATH, () -> carry(way, "folder/object", "file/under", true));
        }

        assertThat(readText("file")).isEqualTo("x");
        assertThat(readText("folder/object")).isEqualTo("y");
    }

    @ParameterizedTest
    @EnumSource
    default void shouldCarryContentTypeAndUserMetadataAlong(Way way) {
        needs(way.capability(), Capability.WRITE, Capability.METADATA, Capability.USER_METADATA);
        WriteOptions options = WriteOptions.CREATE.contentType("text/x-own").userMetadata(Map.of("Colour", "Blue 1"));
        store().write(at("from"), ByteBuffer.wrap(utf8("x")), options);

        carry(way, "from", "to", false);

        assertThat(info("to").contentType()).isEqualTo("text/x-own");
        assertThat(info("to").userMetadata()).containsExactly(Map.entry("Colour", "Blue 1"));
    }

    @Test
    default void shouldNameMoveAndCopyWhereTheyAreMissing() {
        for (Way way : Way.values()) {
            if (!store().capabilities().contains(way.capability())) {
                StorageException failure = assertFails(Kind.CAPABILITY_NOT_SUPPORTED,
                        () -> carry(way, "a", "b", true));
                assertThat(failure.capability()).isEqualTo(way.capability());
            }
        }
    }
}
