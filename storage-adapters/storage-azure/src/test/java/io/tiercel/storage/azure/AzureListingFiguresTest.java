package io.tiercel.storage.azure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.contract.PagedListingFigures;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server that makes up its blobs. */
@Timeout(value = 600, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AzureListingFiguresTest extends PagedListingFigures {
    private final StubServer server;
    private final StorageProviders providers = StorageProviders.load();
    private final StorageAdapter store;

    AzureListingFiguresTest() throws IOException {
        server = StubServer.start();
        store = providers.open(uri());
    }

    @BeforeAll
    void populate() {
        server.populate(FEW_FOLDER, FEW);
        server.populate(MANY_FOLDER, MANY);
    }

    @AfterAll
    void close() {
        store.close();
        providers.close();
        server.close();
    }

    @Override
    protected String uri() {
        return "azblob://container?account=" + Azurite.ACCOUNT + "&endpoint=" + server.endpoint();
    }

    @Override
    protected StorageAdapter store() {
        return store;
    }

    @Override
    protected int objectLength() {
        return StubServer.OBJECT_LENGTH;
    }

    @Override
    protected long pagesAsked() {
        return server.pages();
    }

    @Test
    void shouldAskOncePerPage() {
        long before = pagesAsked();

        assertThat(store.totals(StorePath.of(FEW_FOLDER)).count()).isEqualTo(FEW);

        assertThat(pagesAsked() - before).isEqualTo(FEW / 1000);
    }
}
