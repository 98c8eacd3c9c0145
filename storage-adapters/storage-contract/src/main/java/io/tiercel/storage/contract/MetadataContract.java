package io.tiercel.storage.contract;

import static io.tiercel.storage.contract.StoreUnderTest.at;
import static io.tiercel.storage.contract.StoreUnderTest.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.WriteOptions;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What callers want kept with an object. */
interface MetadataContract extends StoreUnderTest {
    @Test
    default void shouldKeepUserMetadataAsItIs() {
        needs(Capability.WRITE, Capability.METADATA, Capability.USER_METADATA, Capability.READ);
        Map<String, String> metadata = Map.of("plain", "value", "Mixed-Case", "With Blanks = and; signs", "under_score",
                "", "dotted.name", "100%", "x", "\"quoted\", too");

        store().write(at("a/object"), ByteBuffer.wrap(utf8("x")), WriteOptions.CREATE.userMetadata(metadata));

        assertThat(info("a/object").userMetadata()).isEqualTo(metadata);
        try (ObjectRead read = store().open(at("a/object"))) {
            assertThat(read.info().userMetadata()).isEqualTo(metadata);
        }
    }

    @Test
    default void shouldKeepAsMuchAsIsAllowed() {
        needs(Capability.WRITE, Capability.METADATA, Capability.USER_METADATA);
        Map<String, String> metadata = Map.of("long", "v".repeat(2000), "Other", "w".repeat(39));

        store().write(at("object"), ByteBuffer.wrap(utf8("x")), WriteOptions.CREATE.userMetadata(metadata));

        assertThat(info("object").userMetadata()).isEqualTo(metadata);
    }

    @Test
    default void shouldReplaceUserMetadataWithTheObject() {
        needs(Capability.WRITE, Capability.METADATA, Capability.USER_METADATA);
        WriteOptions tagged = WriteOptions.REPLACE.userMetadata(Map.of("colour", "blue"));
        store().write(at("object"), ByteBuffer.wrap(utf8("x")), tagged);

        store().write(at("object"), ByteBuffer.wrap(utf8("y")), WriteOptions.REPLACE);

        assertThat(info("object").userMetadata()).isEmpty();
    }

    @Test
    default void shouldRefuseUserMetadataThatItCannotKeep() {
        needs(Capability.WRITE);
        if (!store().capabilities().contains(Capability.USER_METADATA)) {
            WriteOptions tagged = WriteOptions.CREATE.userMetadata(Map.of("colour", "blue"));

            StorageException failure = assertFails(Kind.CAPABILITY_NOT_SUPPORTED,
                    () -> store().write(at("object"), ByteBuffer.wrap(utf8("x")), tagged));

            assertThat(failure.capability()).isEqualTo(Capability.USER_METADATA);
        }
    }
}
