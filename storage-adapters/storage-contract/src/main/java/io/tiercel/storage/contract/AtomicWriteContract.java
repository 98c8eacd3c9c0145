package io.tiercel.storage.contract;

import static io.tiercel.storage.contract.StoreUnderTest.at;
import static io.tiercel.storage.contract.StoreUnderTest.pattern;
import static io.tiercel.storage.contract.StoreUnderTest.readRest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.WriteOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Whole or not at all. */
interface AtomicWriteContract extends StoreUnderTest {
    int LENGTH = 500_000;

    @Test
    default void shouldLeaveNothingWhenTheSourceFails() {
        needs(Capability.WRITE, Capability.ATOMIC_WRITE, Capability.LIST);
        FailingSource source = new FailingSource(LENGTH, LENGTH / 2, () -> {
            throw new IOException("the source broke");
        });

        assertThatThrownBy(() -> store().write(at("a/b/file"), source, LENGTH, WriteOptions.CREATE))
                .isInstanceOf(UncheckedIOException.class).hasRootCauseMessage("the source broke");

        assertThat(names("", ListOptions.RECURSIVE)).isEmpty();
    }

    @Test
    default void shouldLetADefectOfTheSourceThroughAndLeaveNothing() {
        needs(Capability.WRITE, Capability.ATOMIC_WRITE, Capability.LIST);
        FailingSource source = new FailingSource(LENGTH, LENGTH / 2, () -> {
            throw new UnsupportedOperationException("defect");
        });

        assertThatThrownBy(() -> store().write(at("file"), source, LENGTH, WriteOptions.CREATE))
                .isInstanceOf(UnsupportedOperationException.class).hasMessage("defect");

        assertThat(names("", ListOptions.RECURSIVE)).isEmpty();
    }

    @Test
    default void shouldKeepTheOldVersionWhenTheSourceFails() {
        needs(Capability.WRITE, Capability.ATOMIC_WRITE, Capability.READ, Capability.METADATA);
        write("file", "old");
        String etag = info("file").etag();
        FailingSource source = new FailingSource(LENGTH, LENGTH / 2, () -> {
            throw new IOException("the source broke");
        });

        assertThatThrownBy(() -> store().write(at("file"), source, LENGTH, WriteOptions.REPLACE))
                .isInstanceOf(UncheckedIOException.class);

        assertThat(readText("file")).isEqualTo("old");
        assertThat(info("file").etag()).isEqualTo(etag);
    }

    @Test
    default void shouldRefuseASourceOfAnotherLength() {
        needs(Capability.WRITE, Capability.ATOMIC_WRITE, Capability.LIST);

        for (int claimed : new int[]{0, LENGTH - 1, LENGTH + 1}) {
            FailingSource source = new FailingSource(LENGTH, Integer.MAX_VALUE, () -> {});
            assertThatThrownBy(() -> store().write(at("a/file"), source, claimed, WriteOptions.CREATE))
                    .as("claimed=%s", claimed).isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(Integer.toString(claimed));
        }

        assertThat(names("", ListOptions.RECURSIVE)).isEmpty();
    }

    @Test
    default void shouldShowNothingOfAWriteBeforeItIsDone() {
        needs(Capability.WRITE, Capability.ATOMIC_WRITE, Capability.LIST, Capability.METADATA);
        FailingSource source = new FailingSource(LENGTH, LENGTH / 2, () -> {
            assertFails(Kind.NOT_FOUND, () -> info("a/file"));
            assertThat(files("")).isEmpty();
        });

        store().write(at("a/file"), source, LENGTH, WriteOptions.CREATE);

        assertThat(files("")).containsExactly("a/file");
    }

    @Test
    default void shouldNotOverwriteWhatAppearedWhileTheSourceWasRead() {
        needs(Capability.WRITE, Capability.ATOMIC_WRITE, Capability.READ);
        FailingSource source = new FailingSource(LENGTH, LENGTH / 2, () -> write("file", "first"));

        assertFails(Kind.ALREADY_EXISTS, () -> store().write(at("file"), source, LENGTH, WriteOptions.CREATE));

        assertThat(readText("file")).isEqualTo("first");
    }

    @Test
    default void shouldRefuseWhenAFolderOrAFileAboveAppearedWhileTheSourceWasRead() {
        needsFolders();
        needs(Capability.WRITE, Capability.ATOMIC_WRITE, Capability.LIST);
        FailingSource onFolder = new FailingSource(LENGTH, LENGTH / 2, () -> write("a/file", "x"));
        FailingSource underFile = new FailingSource(LENGTH, LENGTH / 2, () -> write("b", "x"));

        assertFails(Kind.INVALID_PATH, () -> store().write(at("a"), onFolder, LENGTH, WriteOptions.REPLACE));
        assertFails(Kind.INVALID_PATH, () -> store().write(at("b/file"), underFile, LENGTH, WriteOptions.REPLACE));

        assertThat(files("")).containsExactly("a/file", "b");
    }

    @Test
    default void shouldNeverMixVersionsInOneRead() {
        needs(Capability.WRITE, Capability.ATOMIC_WRITE, Capability.READ);
        byte[] old = pattern(LENGTH, 1);
        seed("file", old);

        try (ObjectRead read = store().open(at("file"))) {
            ByteBuffer head = ByteBuffer.allocate(1000);
            int count = read.read(head);
            seed("file", pattern(LENGTH, 2));
            byte[] rest;
            try {
                rest = readRest(read);
            } catch (StorageException e) {
                assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
                return;
            }
            assertThat(head.array()).startsWith(Arrays.copyOf(old, count));
            assertThat(rest).isEqualTo(Arrays.copyOfRange(old, count, LENGTH));
        }
    }
}
