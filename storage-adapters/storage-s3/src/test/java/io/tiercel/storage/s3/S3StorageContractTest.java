package io.tiercel.storage.s3;

import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.contract.StorageAdapterContract;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/**
 * The contract against S3Proxy, but for two things. What a listing costs is measured against a server that makes up its
 * objects, since S3Proxy takes minutes to be given as many. And who wins a race is tried against a server that looks at a
 * condition and writes in one step, as S3 does: S3Proxy looks first and writes then, so that two may win.
 */
class S3StorageContractTest extends StorageAdapterContract {
    private static final StorageProviders PROVIDERS = StorageProviders.load();

    private String uri = "";
    private @Nullable FakeLister lister;
    private @Nullable FakeS3 fake;
    private @Nullable StorageAdapter other;

    @BeforeAll
    static void startServer() {
        S3ProxyServer.shared();
    }

    @AfterAll
    static void closeClients() {
        PROVIDERS.close();
    }

    @AfterEach
    void closeOther() {
        if (other != null) {
            other.close();
        }
        if (lister != null) {
            lister.close();
        }
        if (fake != null) {
            fake.close();
        }
    }

    @Override
    protected StorageAdapter openEmpty() {
        uri = S3ProxyServer.shared().newStore();
        return PROVIDERS.open(uri);
    }

    @Override
    public StorageAdapter openAnother() {
        return PROVIDERS.open(uri);
    }

    @Override
    public StorageAdapter store() {
        return other == null ? super.store() : other;
    }

    @Override
    public void populate(String folder, int count) throws IOException {
        FakeLister server = lister;
        if (server == null) {
            server = new FakeLister();
            lister = server;
            other = PROVIDERS.open(server.store());
        }
        server.folder(folder, count);
    }

    @SuppressWarnings("JUnitMethodInvoked") // the same test, of another store
    @Override
    @Test
    public void shouldLetOneOfManyCreatorsWin() throws Exception {
        useFake();
        super.shouldLetOneOfManyCreatorsWin();
    }

    @SuppressWarnings("JUnitMethodInvoked") // the same test, of another store
    @Override
    @Test
    public void shouldLetOneOfManyConditionalWritersWin() throws Exception {
        useFake();
        super.shouldLetOneOfManyConditionalWritersWin();
    }

    @SuppressWarnings("JUnitMethodInvoked") // the same test, for a server that can pass it
    @Disabled("S3Proxy lists the unfinished file of a write as an object")
    @Override
    @Test
    public void shouldReadWholeVersionsWhileOthersReplaceThem() throws Exception {
        super.shouldReadWholeVersionsWhileOthersReplaceThem();
    }

    @SuppressWarnings("JUnitMethodInvoked") // the same test, for a server that can pass it
    @Disabled("S3Proxy fails a write beside the removal of the last object of its folder")
    @Override
    @Test
    public void shouldEndInAStoreThatHoldsTogetherWhenTreesAreMadeAndRemoved() throws Exception {
        super.shouldEndInAStoreThatHoldsTogetherWhenTreesAreMadeAndRemoved();
    }

    private void useFake() throws IOException {
        fake = new FakeS3();
        uri = fake.store("");
        other = PROVIDERS.open(uri);
    }

    @Override
    public boolean keepsEmptyFolders() {
        return false;
    }
}
