package io.tiercel.storage.sftp;

import io.tiercel.storage.Secret;
import io.tiercel.storage.StorageException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.password.PasswordIdentityProvider;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.util.io.resource.PathResource;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections: reaches the server, checks that it is the one that is meant, signs in. Threadsafe.
 *
 * <p>Nothing of ssh's own configuration counts but the files that are named, and its usual ones where none is.
 */
final class SftpSignIn implements AutoCloseable {
    /** Between two requests that show whether the server is still there. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
    private static final int KEEP_ALIVE_MISSES = 3;

    private final SftpConfiguration configuration;
    private final Duration timeout;
    private final HostKeys hostKeys;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable SshClient client;
    private boolean closed;

    SftpSignIn(SftpConfiguration configuration) {
        this.configuration = configuration;
        this.timeout = Duration.ofMillis(configuration.timeoutMs());
        this.hostKeys = new HostKeys(configuration);
    }

    /** @throws SftpRefusal PERMISSION_DENIED when we do not believe the server or it does not let us in; UNAVAILABLE. */
    SftpConnection connect() throws IOException {
        List<KeyPair> identities = identities();
        AtomicReference<@Nullable String> disbelief = new AtomicReference<>();
        ClientSession session = reach(disbelief);
        try {
            Secret password = configuration.password();
            if (password != null) {
                session.addPasswordIdentity(password.reveal());
            }
            identities.forEach(session::addPublicKeyIdentity);
            session.auth().verify(timeout);
            return SftpConnection.open(session, timeout);
        } catch (IOException | RuntimeException e) {
            SftpRefusal refusal = explained(session, disbelief.get(), e);
            session.close(true);
            throw refusal;
        }
    }

    /** @param disbelief told why the server is not believed. */
    private ClientSession reach(AtomicReference<@Nullable String> disbelief) throws IOException {
        SshClient open = client();
        hostKeys.preferKnownTypes(open);
        try {
            return open.connect(configuration.user(), configuration.host(), configuration.port(), AttributeRepository
                    .ofKeyValuePair(HostKeys.DISBELIEF, disbelief), null).verify(timeout).getSession();
        } catch (IOException | RuntimeException e) {
            throw explained(null, disbelief.get(), e);
        }
    }

    private SftpRefusal explained(@Nullable ClientSession session, @Nullable String disbelief,
            Exception e)
            throws InterruptedIOException {
        if (e instanceof InterruptedIOException interrupted) {
            Thread.currentThread().interrupt();
            throw interrupted;
        }
        if (disbelief != null) {
            return new SftpRefusal(Kind.PERMISSION_DENIED, disbelief, e);
        }
        if (isRefused(e)) {
            return new SftpRefusal(Kind.PERMISSION_DENIED,
                    "the server lets user " + configuration.user() + " not in with this identity or password", e);
        }
        return new SftpRefusal(Kind.UNAVAILABLE, session == null || !session.isAuthenticated()
                ? "no connection to the server, or it ended while we signed in"
                : "the server begins no SFTP", e);
    }

    private static boolean isRefused(Exception e) {
        return e instanceof SshException ssh
                && ssh.getDisconnectCode() == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE;
    }

    private List<KeyPair> identities() throws SftpRefusal {
        List<KeyPair> pairs = new ArrayList<>();
        for (Path file : configuration.identities()) {
            Secret passphrase = configuration.passphrase();
            FilePasswordProvider words = passphrase == null
                    ? FilePasswordProvider.EMPTY
                    : FilePasswordProvider.of(passphrase.reveal());
            try (InputStream in = Files.newInputStream(file)) {
                Iterable<KeyPair> loaded = SecurityUtils.loadKeyPairIdentities(null, new PathResource(file), in, words);
                if (loaded == null) {
                    throw new GeneralSecurityException("no key");
                }
                loaded.forEach(pairs::add);
            } catch (IOException | GeneralSecurityException | RuntimeException e) {
                throw new SftpRefusal(Kind.PERMISSION_DENIED,
                        "the identity " + file + " is no private key, or needs another passphrase", e);
            }
        }
        return pairs;
    }

    private SshClient client() throws SftpRefusal {
        lock.lock();
        try {
            if (closed) {
                throw new SftpRefusal(Kind.UNAVAILABLE, "the connections were closed");
            }
            SshClient open = client;
            if (open == null) {
                open = newClient();
                open.start();
                client = open;
            }
            return open;
        } finally {
            lock.unlock();
        }
    }

    private SshClient newClient() {
        SshClient made = SshClient.setUpDefaultClient();
        made.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        made.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        made.setPasswordIdentityProvider(PasswordIdentityProvider.EMPTY_PASSWORDS_PROVIDER);
        made.setServerKeyVerifier(hostKeys);
        CoreModuleProperties.NIO_WORKERS.set(made, 2);
        // Their defaults. What is not said here is looked for among the system's properties for each packet, at 700 bytes.
        CoreModuleProperties.NIO2_READ_TIMEOUT.set(made, CoreModuleProperties.NIO2_READ_TIMEOUT.getRequired(made));
        CoreModuleProperties.NIO2_MIN_WRITE_TIMEOUT.set(made,
                CoreModuleProperties.NIO2_MIN_WRITE_TIMEOUT.getRequired(made));
        CoreModuleProperties.IO_CONNECT_TIMEOUT.set(made, timeout);
        CoreModuleProperties.AUTH_TIMEOUT.set(made, timeout);
        CoreModuleProperties.CHANNEL_OPEN_TIMEOUT.set(made, timeout);
        SftpModuleProperties.SFTP_CHANNEL_OPEN_TIMEOUT.set(made, timeout);
        // A session without work stays: what is kept alive needs no new sign-in.
        CoreModuleProperties.IDLE_TIMEOUT.set(made, Duration.ZERO);
        CoreModuleProperties.HEARTBEAT_INTERVAL.set(made, KEEP_ALIVE);
        CoreModuleProperties.HEARTBEAT_REQUEST.set(made, "keepalive@openssh.com");
        CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(made, KEEP_ALIVE_MISSES);
        return made;
    }

    @Override
    public void close() {
        SshClient open;
        lock.lock();
        try {
            closed = true;
            open = client;
            client = null;
        } finally {
            lock.unlock();
        }
        if (open != null) {
            open.stop();
        }
    }
}
