package io.tiercel.storage.sftp;

import io.tiercel.storage.ClientConfiguration;
import io.tiercel.storage.Secret;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server and our way in: stores with equal ones share their connections. Immutable and threadsafe.
 *
 * @param identities files of private keys, tried in this order; the passphrase is that of each.
 * @param timeoutMs limit of a connection's making, of the sign-in, and of each answer.
 * @param connections most at a time.
 */
record SftpConfiguration(String host, int port, String user, @Nullable Secret password, List<Path> identities,
        @Nullable Secret passphrase, HostKeyCheck hostKey, Path knownHosts, int timeoutMs, int connections)
        implements
            ClientConfiguration<SftpPool> {
    /** Asks the server nothing yet. */
    @Override
    public SftpPool open() {
        return new SftpPool(this);
    }
}
