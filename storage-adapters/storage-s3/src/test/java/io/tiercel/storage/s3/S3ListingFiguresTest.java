package io.tiercel.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.contract.PagedListingFigures;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server that makes up its objects. */
@Timeout(value = 600, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class S3ListingFiguresTest extends PagedListingFigures {
    private final FakeLister server;
    private final StorageProviders providers = StorageProviders.load();
    private final StorageAdapter store;

    S3ListingFiguresTest() throws IOException {
        server = new FakeLister().folder(FEW_FOLDER, FEW).folder(MANY_FOLDER, MANY);
        store = providers.open(uri());
    }

    @AfterAll
    void close() {
        store.close();
        providers.close();
        server.close();
    }

    @Override
    protected String uri() {
        return server.store();
    }

    @Override
    protected StorageAdapter store() {
        return store;
    }

    @Override
    protected int objectLength() {
        return FakeLister.OBJECT_LENGTH;
    }

    @Override
    protected long pagesAsked() {
        return server.requests();
    }

    @Test
    void shouldAskOncePerPage() {
        long before = pagesAsked();

        assertThat(store.totals(StorePath.of(FEW_FOLDER)).count()).isEqualTo(FEW);

        assertThat(pagesAsked() - before).isEqualTo(FEW / 1000);
    }
}
