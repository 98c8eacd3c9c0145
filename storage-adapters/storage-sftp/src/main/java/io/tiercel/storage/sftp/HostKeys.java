package io.tiercel.storage.sftp;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.client.keyverifier.ServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.signature.Signature;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the server that answers is the one that is meant, by a file as ssh keeps it ({@code known_hosts}). Threadsafe;
 * the file is read for each connection, so that an edit counts at once.
 *
 * <p>A host is known by the name in the URI. What cannot be read is no reason to believe anybody.
 */
final class HostKeys implements ServerKeyVerifier {
    /**
     * Where to say why a server is not believed: on the attempt to connect, since the session may be gone, and what was on it,
     * before anybody asks.
     */
    static final AttributeKey<AtomicReference<@Nullable String>> DISBELIEF = new AttributeKey<>();

    private static final Logger LOG = LoggerFactory.getLogger(HostKeys.class);
    private static final int DEFAULT_PORT = 22;
    /** A file's lock is the process's, so that its own threads need another one. */
    private static final ReentrantLock REMEMBERING = new ReentrantLock();

    private final HostKeyCheck check;
    private final String host;
    private final int port;
    private final Path file;
    private final AtomicBoolean warned = new AtomicBoolean();

    HostKeys(SftpConfiguration configuration) {
        this.check = configuration.hostKey();
        this.host = configuration.host();
        this.port = configuration.port();
        this.file = configuration.knownHosts();
    }

    @Override
    public boolean verifyServerKey(ClientSession session, SocketAddress remoteAddress, PublicKey presented) {
        PublicKey key = presented instanceof OpenSshCertificate certificate ? certificate.getCertPubKey() : presented;
        if (check == HostKeyCheck.ANY) {
            if (!warned.getAndSet(true)) {
                LOG.warn("hostKey=any: {} is believed to be {}:{} without a look at its key", remoteAddress, host,
                        port);
            }
            return true;
        }
        try {
            String disbelief = check == HostKeyCheck.TOFU ? rememberOrCompare(key) : compare(key, entries());
            if (disbelief != null) {
                tell(session, disbelief);
            }
            return disbelief == null;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            LOG.warn("{} cannot be used: {}", file, e.toString());
            tell(session, "the known hosts in " + file + " cannot be read or written");
            return false;
        }
    }

    private static void tell(ClientSession session, String disbelief) {
        AttributeRepository attempt = session.getConnectionContext();
        AtomicReference<@Nullable String> told = attempt == null ? null : attempt.getAttribute(DISBELIEF);
        if (told != null) {
            told.set(disbelief);
        }
    }

    /** Asks the server for a key of a type that the file has, since it may have keys of several. */
    void preferKnownTypes(SshClient client) {
        if (check == HostKeyCheck.ANY) {
            return;
        }
        try {
            List<String> known = new ArrayList<>();
            for (KnownHostEntry entry : entries()) {
                known.add(entry.getKeyEntry().getKeyType());
            }
            List<NamedFactory<Signature>> factories = new ArrayList<>(client.getSignatureFactories());
            factories.sort(Comparator
                    .comparing(factory -> !known.contains(KeyUtils.getCanonicalKeyType(factory.getName()))));
            client.setSignatureFactories(factories);
        } catch (IOException | RuntimeException e) {
            // The look at the key finds the same, and says so.
            LOG.debug("{} cannot be read", file, e);
        }
    }

    /** Why the key is not that of the host, or null. */
    private @Nullable String compare(PublicKey key, List<KnownHostEntry> entries)
            throws IOException, GeneralSecurityException {
        boolean isKnown = false;
        boolean isOther = false;
        for (KnownHostEntry entry : entries) {
            PublicKey remembered = entry.getKeyEntry().resolvePublicKey(null, PublicKeyEntryResolver.IGNORING);
            boolean isSame = remembered != null && KeyUtils.compareKeys(remembered, key);
            if (isSame && "revoked".equals(entry.getMarker())) {
                return "the key of the server is revoked in " + file;
            }
            if (entry.getMarker() == null || entry.getMarker().isEmpty()) {
                isKnown |= isSame;
                isOther |= !isSame;
            }
        }
        if (isKnown) {
            return null;
        }
        String shown = KeyUtils.getFingerPrint(key);
        return isOther
                ? "the host key CHANGED to " + shown
                        + ": somebody may be in between; if the change is meant, remove the"
                        + " lines of " + pattern() + " from " + file
                : "the host key " + shown + " is not in " + file + ": compare it with the server's, then add it there,"
                        + " or use hostKey=tofu";
    }

    private @Nullable String rememberOrCompare(PublicKey key)
            throws IOException, GeneralSecurityException {
        if (!entries().isEmpty()) {
            return compare(key, entries());
        }
        REMEMBERING.lock();
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            try (FileChannel channel = FileChannel.open(sibling(".lock"), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE); FileLock _ = channel.lock()) {
                List<KnownHostEntry> entries = entries();
                if (!entries.isEmpty()) {
                    return compare(key, entries);
                }
                remember(key);
                return null;
            }
        } finally {
            REMEMBERING.unlock();
        }
    }

    /** The whole file anew, then in the old one's place: a crash leaves the one or the other. */
    private void remember(PublicKey key) throws IOException {
        String before = Files.exists(file) ? Files.readString(file) : "";
        String end = before.isEmpty() || before.endsWith("\n") ? "" : "\n";
        Path whole = sibling(".new");
        try (FileChannel channel = FileChannel.open(whole, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            String text = before + end + pattern() + ' ' + PublicKeyEntry.toString(key) + '\n';
            channel.write(StandardCharsets.UTF_8.encode(text));
            channel.force(true);
        }
        Path real = Files.exists(file) ? file.toRealPath() : file;
        Files.move(whole, real, StandardCopyOption.ATOMIC_MOVE);
        LOG.info("the host key {} of {} is remembered in {}", KeyUtils.getFingerPrint(key), pattern(), file);
    }

    private Path sibling(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    /** How the file spells the host. */
    private String pattern() {
        return port == DEFAULT_PORT ? host : "[" + host + "]:" + port;
    }

    private List<KnownHostEntry> entries() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        return KnownHostEntry.readKnownHostEntries(file).stream().filter(this::isOurs).toList();
    }

    private boolean isOurs(KnownHostEntry entry) {
        return entry.isHostMatch(host, port == DEFAULT_PORT ? 0 : port);
    }
}
