package io.tiercel.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException.Kind;
import org.junit.jupiter.api.Test;

/** What a store says of a path without its bytes. */
interface InfoContract extends StoreUnderTest {
    @Test
    default void shouldDescribeAFile() {
        needs(Capability.METADATA);
        long beforeMs = System.currentTimeMillis();
        seed("a/file", "12345");

        ObjectInfo info = info("a/file");

        assertThat(info.isFile()).isTrue();
        assertThat(info.path()).hasToString("a/file");
        assertThat(info.length()).isEqualTo(5);
        assertThat(info.lastModifiedMs()).isBetween(beforeMs - 60_000, System.currentTimeMillis() + 60_000);
    }

    @Test
    default void shouldDescribeAFolder() {
        needs(Capability.METADATA);
        seed("a/b/file", "x");

        assertThat(info("a").isFolder()).isTrue();
        assertThat(info("a/b").isFolder()).isTrue();
        assertThat(info("a/b").length()).isZero();
        assertThat(info("a/b").etag()).isNull();
    }

    @Test
    default void shouldReportAMissingPath() {
        needs(Capability.METADATA);
        seed("data/file", "x");

        assertFails(Kind.NOT_FOUND, () -> info("dat"));
        assertFails(Kind.NOT_FOUND, () -> info("data/fil"));
        assertFails(Kind.NOT_FOUND, () -> info("data/file/under"));
    }

    @Test
    default void shouldGiveAStrongEtagThatStaysWhileNothingChanges() {
        needs(Capability.METADATA, Capability.READ);
        seed("file", "x");

        String etag = info("file").etag();

        assertThat(etag).startsWith("\"").endsWith("\"").hasSizeGreaterThan(2);
        readBytes("file");
        assertThat(info("file").etag()).isEqualTo(etag);
    }

    @Test
    default void shouldChangeTheEtagWhenBytesOfEqualLengthReplaceOthers() {
        needs(Capability.METADATA);
        seed("file", "one");
        String before = info("file").etag();

        seed("file", "two");

        assertThat(info("file").etag()).isNotEqualTo(before);
    }
}
