package io.tiercel.storage.sftp;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** OpenSSH's server as a child process, with keys and settings of the test's own; it lets in who runs the test. */
final class OpenSshServer implements SftpServer {
    private static final Path PROGRAM = Path.of("/usr/sbin/sshd");

    private final Process process;
    private final int port;
    private final Path identity;
    private final KeyPair hostKey;

    private OpenSshServer(Process process, int port, Path identity, KeyPair hostKey) {
        this.process = process;
        this.port = port;
        this.identity = identity;
        this.hostKey = hostKey;
    }

    static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    /**
     * Skips the test where there is no such server.
     *
     * @param more lines of its configuration.
     */
    static OpenSshServer start(Path folder, String... more) throws IOException, GeneralSecurityException {
        assumeTrue(isInstalled(), "OpenSSH's server is not installed (openssh-server): no " + PROGRAM);
        if ("root".equals(System.getProperty("user.name"))) {
            // Where the package's own service never ran, this is missing, and a server of root's does not start.
            Files.createDirectories(Path.of("/run/sshd"));
        }
        KeyPair hostKey = TestKeys.make();
        KeyPair client = TestKeys.make();
        Path hostFile = TestKeys.write(hostKey, folder.resolve("sshd-host-key"), null);
        Path identity = TestKeys.write(client, folder.resolve("sshd-identity"), null);
        Path authorized = Files.writeString(folder.resolve("authorized_keys"), TestKeys.publicLine(client) + "\n");
        Path settings = folder.resolve("sshd_config");
        Path log = folder.resolve("sshd.log");
        int port = freePort();
        Files.writeString(settings, String.join("\n", "ListenAddress 127.0.0.1", "Port " + port,
                "HostKey " + hostFile, "AuthorizedKeysFile " + authorized, "PidFile none", "StrictModes no",
                "UsePAM no", "PasswordAuthentication no", "KbdInteractiveAuthentication no",
                "PermitRootLogin prohibit-password", "MaxStartups 100", "Subsystem sftp internal-sftp",
                String.join("\n", more), ""));
        Process process = new ProcessBuilder(PROGRAM.toString(), "-D", "-e", "-f", settings.toString())
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        OpenSshServer server = new OpenSshServer(process, port, identity, hostKey);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> server.answers() || !process.isAlive());
        assumeTrue(process.isAlive(), () -> "OpenSSH's server does not start here: " + text(log));
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.getInputStream().read() == 'S';
        } catch (IOException e) {
            return false;
        }
    }

    KeyPair hostKey() {
        return hostKey;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String user() {
        return System.getProperty("user.name");
    }

    @Override
    public Path identity() {
        return identity;
    }

    @Override
    public void close() throws IOException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IOException("the server does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
