package io.tiercel.storage.sftp;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/** The server of Apache MINA SSHD, in the process of the test. */
final class MinaServer implements SftpServer {
    static final String PASSWORD = "correct horse";

    private final SshServer server;
    private final KeyPair hostKey;
    private final Path identity;

    private MinaServer(SshServer server, KeyPair hostKey, Path identity) {
        this.server = server;
        this.hostKey = hostKey;
        this.identity = identity;
    }

    static MinaServer start(Path folder) throws IOException, GeneralSecurityException {
        return start(folder, 0, TestKeys.make(), "");
    }

    /**
     * @param folder of its keys.
     * @param extensions of OpenSSH's, as NAME=VERSION, that it says it has; all of them when empty.
     */
    static MinaServer start(Path folder, int port, KeyPair hostKey, String extensions)
            throws IOException, GeneralSecurityException {
        return start(folder, port, hostKey, TestKeys.make(), extensions, new SftpSubsystemFactory());
    }

    /** @param files how the server sees its files. */
    static MinaServer start(Path folder, SftpSubsystemFactory files) throws IOException, GeneralSecurityException {
        return start(folder, 0, TestKeys.make(), TestKeys.make(), "", files);
    }

    /** @param client whom it lets in. */
    static MinaServer start(Path folder, KeyPair hostKey, KeyPair client) throws IOException, GeneralSecurityException {
        return start(folder, 0, hostKey, client, "", new SftpSubsystemFactory());
    }

    private static MinaServer start(Path folder, int port, KeyPair hostKey, KeyPair client, String extensions,
            SftpSubsystemFactory files) throws IOException, GeneralSecurityException {
        Path identity = TestKeys.write(client, folder.resolve("mina-identity"), null);
        SshServer server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setPort(port);
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        server.setPasswordAuthenticator((user, password, session) -> password.equals(PASSWORD));
        server.setPublickeyAuthenticator((user, key, session) -> KeyUtils.compareKeys(key, client.getPublic()));
        server.setSubsystemFactories(List.of(files));
        CoreModuleProperties.NIO_WORKERS.set(server, 2);
        SftpModuleProperties.MAX_OPEN_HANDLES_PER_SESSION.set(server, 2000);
        if (!extensions.isEmpty()) {
            SftpModuleProperties.OPENSSH_EXTENSIONS.set(server, extensions);
        }
        server.start();
        return new MinaServer(server, hostKey, identity);
    }

    KeyPair hostKey() {
        return hostKey;
    }

    int sessions() {
        return server.getActiveSessions().size();
    }

    @Override
    public int port() {
        return server.getPort();
    }

    @Override
    public String user() {
        return "tester";
    }

    @Override
    public Path identity() {
        return identity;
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
    }
}
