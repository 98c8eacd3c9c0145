package io.tiercel.storage.sftp;

import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.contract.PagedListingFigures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that makes up its files; a page is a portion of a folder. */
@Timeout(value = 3600, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SftpListingFiguresTest extends PagedListingFigures {
    private static final int OBJECT_LENGTH = 3;

    @TempDir
    static Path directory;

    @TempDir
    static Path keys;

    private final MadeUpFolders folders = new MadeUpFolders();
    private final StorageProviders providers = StorageProviders.load();
    private MinaServer server;
    private StorageAdapter store;

    @BeforeAll
    void start() throws Exception {
        server = MinaServer.start(keys, folders.factory());
        store = providers.open(uri());
        folders.add(directory.resolve(FEW_FOLDER), FEW, OBJECT_LENGTH);
        folders.add(directory.resolve(MANY_FOLDER), MANY, OBJECT_LENGTH);
    }

    @AfterAll
    void close() throws IOException {
        store.close();
        providers.close();
        server.close();
    }

    @Override
    protected String uri() {
        return server.uri(directory);
    }

    @Override
    protected StorageAdapter store() {
        return store;
    }

    @Override
    protected int objectLength() {
        return OBJECT_LENGTH;
    }

    @Override
    protected long pagesAsked() {
        return folders.portions();
    }
}
