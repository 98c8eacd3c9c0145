package io.tiercel.storage.contract;

import static io.tiercel.storage.contract.StoreUnderTest.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.StorageException.Kind;
import org.junit.jupiter.api.Test;

/** Removing objects and folders. */
interface DeleteContract extends StoreUnderTest {
    @Test
    default void shouldRemoveAnObject() {
        needs(Capability.DELETE, Capability.LIST);
        seed("a/one", "x");
        seed("a/two", "x");

        store().delete(at("a/one"), false);

        assertThat(files("")).containsExactly("a/two");
    }

    @Test
    default void shouldReportAMissingObjectUnlessThatIsFine() {
        needs(Capability.DELETE);

        assertFails(Kind.NOT_FOUND, () -> store().delete(at("no/such"), false));
        store().delete(at("no/such"), true);
    }

    @Test
    default void shouldTakeAPathUnderAFileAsMissing() {
        needs(Capability.DELETE, Capability.READ);
        seed("file", "x");

        assertFails(Kind.NOT_FOUND, () -> store().delete(at("file/under"), false));
        store().delete(at("file/under"), true);

        assertThat(readText("file")).isEqualTo("x");
    }

    @Test
    default void shouldRefuseAFolderEvenWhereMissingIsFine() {
        needs(Capability.DELETE, Capability.READ);
        seed("folder/file", "x");

        assertFails(Kind.INVALID_PATH, () -> store().delete(at("folder"), false));
        if (keepsEmptyFolders()) {
            assertFails(Kind.INVALID_PATH, () -> store().delete(at("folder"), true));
        } else {
            // One request, and the answer of such a store does not tell: what counts is that nothing goes.
            store().delete(at("folder"), true);
        }

        assertThat(readText("folder/file")).isEqualTo("x");
    }

    @Test
    default void shouldTreatAFolderWithoutEntriesAsItsKindHasIt() {
        needs(Capability.DELETE, Capability.METADATA, Capability.LIST);
        seed("folder/file", "x");

        store().delete(at("folder/file"), false);

        if (keepsEmptyFolders()) {
            assertThat(info("folder").isFolder()).isTrue();
            assertThat(names("", ListOptions.DIRECT)).containsExactly("folder/");
        } else {
            assertFails(Kind.NOT_FOUND, () -> info("folder"));
            assertThat(names("", ListOptions.DIRECT)).isEmpty();
        }
    }

    @Test
    default void shouldRemoveAFolderWithAllInItAndNothingElse() {
        needs(Capability.DELETE, Capability.LIST);
        seed("data/one", "x");
        seed("data/deep/er/two", "x");
        seed("data/deep/three", "x");
        seed("dataset/four", "x");
        seed("data-five", "x");

        long count = store().deleteRecursively(at("data"));

        assertThat(count).isEqualTo(3);
        assertThat(names("", ListOptions.RECURSIVE)).containsExactly("data-five", "dataset/", "dataset/four");
    }

    @Test
    default void shouldFindNothingToRemoveInAMissingFolder() {
        needs(Capability.DELETE);
        seed("file", "x");

        assertThat(store().deleteRecursively(at("no/such"))).isZero();
        assertThat(store().deleteRecursively(at("file/under"))).isZero();
    }

    @Test
    default void shouldRefuseToRemoveAFileAsAFolder() {
        needs(Capability.DELETE, Capability.READ);
        seed("file", "x");

        assertFails(Kind.INVALID_PATH, () -> store().deleteRecursively(at("file")));

        assertThat(readText("file")).isEqualTo("x");
    }

    @Test
    default void shouldWalkADeepTreeWithoutRecursion() {
        needs(Capability.DELETE, Capability.LIST);
        String deep = "d/".repeat(400);
        seed(deep + "file", "x");

        assertThat(files("")).containsExactly(deep + "file");
        assertThat(store().deleteRecursively(at("d"))).isEqualTo(1);
        assertThat(names("", ListOptions.DIRECT)).isEmpty();
    }
}
