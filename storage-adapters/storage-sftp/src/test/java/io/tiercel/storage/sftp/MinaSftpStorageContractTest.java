package io.tiercel.storage.sftp;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tiercel.storage.contract.ListingCostContract;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class MinaSftpStorageContractTest extends SftpContract {
    @TempDir
    static Path keys;

    private static @Nullable MinaServer server;

    @BeforeAll
    static void startServer() throws Exception {
        server = MinaServer.start(keys);
    }

    @AfterAll
    static void stopServer() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    /** Half a million entries of either server are too many for every run: those of the faster one do. */
    @Override
    public void populate(String folder, int count) throws IOException {
        assumeTrue(count <= ListingCostContract.FEW || Boolean.getBoolean("tiercel.full")
                || !OpenSshServer.isInstalled(), "part of the full run");
        super.populate(folder, count);
    }

    @Override
    SftpServer server() {
        return requireNonNull(server);
    }
}
