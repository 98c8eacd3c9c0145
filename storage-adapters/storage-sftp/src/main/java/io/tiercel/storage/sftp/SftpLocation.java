package io.tiercel.storage.sftp;

import io.tiercel.storage.Secret;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.StoreUri;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the URI of a store says: where it is, and how one gets there. Immutable and threadsafe.
 *
 * @param name the URI without its parameters.
 * @param directory on the server, without a slash at the end; empty for the server's root.
 */
record SftpLocation(String name, String directory, SftpConfiguration configuration) {
    private static final Set<String> PARAMETERS = Set.of("hostKey", "identity", "knownHosts", "passwordFile",
            "passphraseFile", "timeoutMs", "connections");
    private static final int DEFAULT_PORT = 22;

    /** A request across the world takes a fraction of a second, a disk that wakes up some: what takes longer hangs. */
    private static final long DEFAULT_TIMEOUT_MS = 10_000;

    /** OpenSSH lets ten sign in at a time; requests share connections, so that few are enough. */
    private static final long DEFAULT_CONNECTIONS = 4;

    /** The keys that ssh itself would try. */
    private static final List<String> USUAL_IDENTITIES = List.of("id_ed25519", "id_ecdsa", "id_rsa");

    /** @throws IllegalArgumentException when the URI is not what the scheme takes. */
    static SftpLocation of(URI uri) {
        StoreUri parts = StoreUri.of(uri, PARAMETERS);
        String host = parts.host();
        if (host == null || host.isEmpty() || uri.getPath() == null || uri.getPath().isEmpty()) {
            throw new IllegalArgumentException("store=" + uri
                    + " names no host and directory, as sftp://user@host/dir does (sftp://user@host/ is all the server shows)");
        }
        StorePath directory = parts.path();
        String user = parts.user();
        Path ssh = Path.of(System.getProperty("user.home"), ".ssh");
        Secret password = Secret.find(parts, "passwordFile", "SFTP_PASSWORD");
        SftpConfiguration configuration = new SftpConfiguration(unbracketed(host),
                parts.port() < 0 ? DEFAULT_PORT : parts.port(), user == null ? System.getProperty("user.name") : user,
                password, identities(parts, ssh, password), Secret.find(parts, "passphraseFile", "SFTP_PASSPHRASE"),
                parts.word("hostKey", HostKeyCheck.STRICT),
                Path.of(parts.parameter("knownHosts", ssh.resolve("known_hosts").toString())),
                (int) parts.number("timeoutMs", DEFAULT_TIMEOUT_MS, 1, 600_000),
                (int) parts.number("connections", DEFAULT_CONNECTIONS, 1, 64));
        String name = "sftp://" + (user == null ? "" : user + '@') + host
                + (parts.port() < 0 ? "" : ":" + parts.port()) + '/' + directory;
        return new SftpLocation(name, directory.isRoot() ? "" : "/" + directory, configuration);
    }

    /** The file that is named, else those of ssh where there is no password either. */
    private static List<Path> identities(StoreUri uri, Path ssh, @Nullable Secret password) {
        String named = uri.parameter("identity");
        if (named != null) {
            Path identity = Path.of(named);
            if (!Files.isReadable(identity)) {
                throw new IllegalArgumentException("identity=" + identity + " cannot be read");
            }
            return List.of(identity);
        }
        return password != null
                ? List.of()
                : USUAL_IDENTITIES.stream().map(ssh::resolve).filter(Files::isReadable).toList();
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
