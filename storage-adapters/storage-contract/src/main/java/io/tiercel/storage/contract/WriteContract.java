package io.tiercel.storage.contract;

import static io.tiercel.storage.contract.StoreUnderTest.at;
import static io.tiercel.storage.contract.StoreUnderTest.pattern;
import static io.tiercel.storage.contract.StoreUnderTest.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import org.junit.jupiter.api.Test;

/** What may be written where, and what the answer says. */
interface WriteContract extends StoreUnderTest {
    @Test
    default void shouldMakeMissingParents() {
        needs(Capability.WRITE, Capability.LIST);
        write("a/b/c/file", "x");

        assertThat(names("", ListOptions.RECURSIVE)).containsExactly("a/", "a/b/", "a/b/c/", "a/b/c/file");
    }

    @Test
    default void shouldNotOverwriteUnlessAsked() {
        needs(Capability.WRITE, Capability.READ);
        write("file", "old");
        ByteBuffer source = ByteBuffer.wrap(utf8("new"));

        assertFails(Kind.ALREADY_EXISTS, () -> store().write(at("file"), source, WriteOptions.CREATE));

        assertThat(readText("file")).isEqualTo("old");
        assertThat(source.remaining()).as("source left untouched").isEqualTo(3);
    }

    @Test
    default void shouldOverwriteWhenAsked() {
        needs(Capability.WRITE, Capability.READ);

        WriteResult first = store().write(at("file"), ByteBuffer.wrap(utf8("long old value")), WriteOptions.REPLACE);
        WriteResult second = store().write(at("file"), ByteBuffer.wrap(utf8("new")), WriteOptions.REPLACE);

        assertThat(readText("file")).isEqualTo("new");
        assertThat(first.isCreated()).isTrue();
        assertThat(second.isCreated()).isFalse();
        assertThat(second.etag()).isNotEqualTo(first.etag());
    }

    @Test
    default void shouldDescribeWhatItWrote() {
        needs(Capability.WRITE, Capability.METADATA);

        ObjectInfo written = store().write(at("a/file"), ByteBuffer.wrap(utf8("12345")), WriteOptions.CREATE).info();

        assertThat(written.path()).isEqualTo(at("a/file"));
        assertThat(written.length()).isEqualTo(5);
        assertThat(written.etag()).isEqualTo(info("a/file").etag());
        assertThat(written.lastModifiedMs()).isEqualTo(info("a/file").lastModifiedMs());
    }

    @Test
    default void shouldRefuseToWriteOnAFolder() {
        needsFolders();
        needs(Capability.WRITE, Capability.READ);
        write("folder/file", "x");
        ByteBuffer source = ByteBuffer.wrap(utf8("new"));

        assertFails(Kind.INVALID_PATH, () -> store().write(at("folder"), source, WriteOptions.CREATE));
        assertFails(Kind.INVALID_PATH, () -> store().write(at("folder"), source, WriteOptions.REPLACE));

        assertThat(readText("folder/file")).isEqualTo("x");
        assertThat(source.remaining()).isEqualTo(3);
    }

    @Test
    default void shouldRefuseToWriteUnderAFile() {
        needsFolders();
        needs(Capability.WRITE, Capability.READ);
        write("file", "x");
        ByteBuffer source = ByteBuffer.wrap(utf8("new"));

        assertFails(Kind.INVALID_PATH, () -> store().write(at("file/under"), source, WriteOptions.CREATE));
        assertFails(Kind.INVALID_PATH, () -> store().write(at("file/a/b"), source, WriteOptions.REPLACE));

        assertThat(readText("file")).isEqualTo("x");
        assertThat(source.remaining()).isEqualTo(3);
    }

    @Test
    default void shouldTakeASourceFromWhereItStands() throws IOException {
        needs(Capability.WRITE, Capability.READ);
        ByteBuffer buffer = ByteBuffer.wrap(utf8("skip|taken|rest"));
        buffer.position(5).limit(10);
        ReadableByteChannel channel = Channels.newChannel(new ByteArrayInputStream(utf8("skip|taken")));
        assertThat(channel.read(ByteBuffer.allocate(5))).isEqualTo(5);

        store().write(at("buffer"), buffer, WriteOptions.CREATE);
        store().write(at("channel"), channel, 5, WriteOptions.CREATE);

        assertThat(readText("buffer")).isEqualTo("taken");
        assertThat(readText("channel")).isEqualTo("taken");
        assertThat(buffer.remaining()).isZero();
        assertThat(channel.isOpen()).as("source left open").isTrue();
    }

    @Test
    default void shouldTakeASourceOfUnknownLength() {
        needs(Capability.WRITE, Capability.READ);
        byte[] bytes = pattern(700_001, 9);

        store().write(at("file"), Channels.newChannel(new ByteArrayInputStream(bytes)), ObjectInfo.UNKNOWN_LENGTH,
                WriteOptions.CREATE);

        assertThat(readBytes("file")).isEqualTo(bytes);
    }

    @Test
    default void shouldReplaceOnlyTheVersionThatMustMatch() {
        needs(Capability.WRITE, Capability.READ, Capability.CONDITIONAL);
        String old = String.valueOf(store().write(at("file"), ByteBuffer.wrap(utf8("1")), WriteOptions.CREATE).etag());

        store().write(at("file"), ByteBuffer.wrap(utf8("2")), WriteOptions.CREATE.ifMatch(old));
        assertFails(Kind.PRECONDITION_FAILED,
                () -> store().write(at("file"), ByteBuffer.wrap(utf8("3")), WriteOptions.CREATE.ifMatch(old)));
        assertFails(Kind.PRECONDITION_FAILED,
                () -> store().write(at("missing"), ByteBuffer.wrap(utf8("3")), WriteOptions.CREATE.ifMatch(old)));

        assertThat(readText("file")).isEqualTo("2");
        assertThat(files("")).containsExactly("file");
    }
}
