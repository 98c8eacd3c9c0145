package io.tiercel.storage.contract;

import static io.tiercel.storage.contract.StoreUnderTest.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spellings, the root, and names that are easily mistaken for others. */
interface PathContract extends StoreUnderTest {
    @ParameterizedTest
    @ValueSource(strings = {"a/b.txt", "/a/b.txt", "a/b.txt/", "a//b.txt", "./a/./b.txt", "a\\b.txt", "\\a/\\b.txt"})
    default void shouldFindOneObjectByEverySpelling(String spelling) {
        needs(Capability.READ);
        seed("a/b.txt", "bytes");

        assertThat(readText(spelling)).isEqualTo("bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "./", ".//", "/", "\\", "//./\\"})
    default void shouldRefuseFileOperationsOnEverySpellingOfTheRoot(String spelling) {
        needs(Capability.READ, Capability.WRITE, Capability.DELETE);
        ByteBuffer source = ByteBuffer.wrap(new byte[3]);

        assertFails(Kind.INVALID_PATH, () -> store().open(at(spelling)));
        assertFails(Kind.INVALID_PATH, () -> store().write(at(spelling), source, WriteOptions.REPLACE));
        assertFails(Kind.INVALID_PATH, () -> store().delete(at(spelling), true));
        assertFails(Kind.INVALID_PATH, () -> store().deleteRecursively(at(spelling)));
        assertThat(source.remaining()).isEqualTo(3);
    }

    @Test
    default void shouldHaveAnEmptyFolderAsItsRoot() {
        needs(Capability.METADATA, Capability.LIST);

        assertThat(store().info(StorePath.ROOT).isFolder()).isTrue();
        assertThat(list("", ListOptions.RECURSIVE)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a..b", "with space", "%2F", "%2e%2e", "semi;colon", "what?", "hash#tag", "plus+amp&=",
        "-dash",
        "...", "tilde~", "\"quoted\"", "star*[a-c]", "\u00e4\u00f6\u00fc", "\u65e5\u672c\u8a9e", "\ud83e\udd85", "c:d"})
    default void shouldKeepAnUnusualNameAsItIs(String name) {
        needs(Capability.READ, Capability.WRITE, Capability.LIST);
        write("folder/" + name, name);

        assertThat(readText("folder/" + name)).isEqualTo(name);
        assertThat(names("folder", ListOptions.DIRECT)).containsExactly("folder/" + name);
    }

    @Test
    default void shouldTellNamesApartThatDifferInCaseOrComposition() {
        needs(Capability.READ, Capability.WRITE);
        write("x/Name", "upper");
        write("x/name", "lower");
        write("x/\u00e9", "composed");
        write("x/e\u0301", "decomposed");

        assertThat(readText("x/Name")).isEqualTo("upper");
        assertThat(readText("x/name")).isEqualTo("lower");
        assertThat(readText("x/\u00e9")).isEqualTo("composed");
        assertThat(readText("x/e\u0301")).isEqualTo("decomposed");
    }
}
