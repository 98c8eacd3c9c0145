package io.tiercel.storage.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.contract.ListingCostContract;
import io.tiercel.storage.contract.ListingFigures;
import io.tiercel.storage.contract.ListingProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With real files, empty ones: as fast as they can be made. */
@Timeout(value = 900, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LocalListingFiguresTest extends ListingFigures {
    @TempDir
    static Path directory;

    private StorageAdapter store;

    @BeforeAll
    void start() throws IOException {
        store = LocalStorage.open(directory);
        populate(FEW_FOLDER, FEW);
        populate(MANY_FOLDER, MANY);
    }

    private static void populate(String folder, int count) throws IOException {
        Path target = Files.createDirectory(directory.resolve(folder));
        for (int i = 0; i < count; i++) {
            Files.createFile(target.resolve(ListingCostContract.objectName(i)));
        }
    }

    @AfterAll
    void close() {
        store.close();
    }

    @Override
    protected StorageAdapter store() {
        return store;
    }

    @Override
    protected int objectLength() {
        return 0;
    }

    @Test
    void shouldListAndAddUpVeryManyInASmallHeap() throws IOException {
        assertThat(ListingProbe.run("file:" + directory, MANY_FOLDER)).isEqualTo(expectedOfProbe());
    }
}
