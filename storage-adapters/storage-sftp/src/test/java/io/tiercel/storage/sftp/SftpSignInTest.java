package io.tiercel.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageProviders;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom we believe, and who lets us in. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SftpSignInTest {
    @TempDir
    Path directory;

    @TempDir
    Path keys;

    private final StorageProviders providers = StorageProviders.load();
    private MinaServer server;
    private Path knownHosts;

    @BeforeEach
    void startServer() throws Exception {
        server = MinaServer.start(keys);
        knownHosts = keys.resolve("hosts").resolve("known_hosts");
    }

    @AfterEach
    void stopServer() throws IOException {
        providers.close();
        server.close();
    }

    private StorageAdapter open(String parameters) {
        return providers.open(server.uri(server.port(), directory) + "?knownHosts=" + knownHosts + parameters);
    }

    private StorageException assertFails(Kind kind, String parameters) {
        try (StorageAdapter store = open(parameters)) {
            StorageException failure = catchThrowableOfType(StorageException.class, store::ping);
            assertThat(failure).isNotNull();
            assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
            assertThat(failure.store()).isEqualTo(store.name()).doesNotContain("?");
            return failure;
        }
    }

    private void assertWorks(String parameters) {
        try (StorageAdapter store = open(parameters)) {
            store.ping();
        }
    }

    private String identity() {
        return "&identity=" + server.identity();
    }

    private void know(KeyPair pair) throws IOException {
        Files.createDirectories(knownHosts.getParent());
        Files.writeString(knownHosts, "[127.0.0.1]:" + server.port() + ' ' + TestKeys.publicLine(pair) + '\n');
    }

    @Test
    void shouldBelieveAKnownHostAndNoOther() throws Exception {
        StorageException unknown = assertFails(Kind.PERMISSION_DENIED, identity());
        assertThat(unknown).hasMessageContaining("is not in " + knownHosts).hasMessageContaining("SHA256:");
        assertThat(knownHosts).doesNotExist();

        know(server.hostKey());
        assertWorks(identity());

        know(TestKeys.make());
        providers.closeIdleClients();
        StorageException changed = assertFails(Kind.PERMISSION_DENIED, identity());
        assertThat(changed).hasMessageContaining("CHANGED").hasMessageContaining("remove the lines of [127.0.0.1]:"
                + server.port() + " from " + knownHosts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"})
    void shouldKnowTheUsualKindsOfKeys(String type) throws Exception {
        server.close();
        server = MinaServer.start(keys, TestKeys.make(type), TestKeys.make(type));
        know(server.hostKey());

        assertWorks(identity());
    }

    @Test
    void shouldNotBelieveARevokedKey() throws Exception {
        know(server.hostKey());
        Files.writeString(knownHosts, "@revoked " + Files.readString(knownHosts) + Files.readString(knownHosts));

        assertThat(assertFails(Kind.PERMISSION_DENIED, identity())).hasMessageContaining("revoked");
    }

    @Test
    void shouldRememberTheFirstKeyAndRefuseAnother() throws Exception {
        Files.createDirectories(knownHosts.getParent());
        Files.writeString(knownHosts, "other.example ssh-ed25519 "
                + "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"); // and no line end

        assertWorks("&hostKey=tofu" + identity());

        assertThat(Files.readAllLines(knownHosts)).hasSize(2).element(1).asString().isEqualTo(
                "[127.0.0.1]:" + server.port() + ' ' + TestKeys.publicLine(server.hostKey()));
        assertWorks("" + identity());

        KeyPair other = TestKeys.make();
        int port = server.port();
        server.close();
        server = MinaServer.start(keys, port, other, "");
        String before = Files.readString(knownHosts);
        providers.closeIdleClients();
        assertThat(assertFails(Kind.PERMISSION_DENIED, "&hostKey=tofu" + identity())).hasMessageContaining("CHANGED");
        assertThat(knownHosts).hasContent(before);
    }

    @Test
    void shouldBelieveNobodyByAFileThatItCannotRead() throws Exception {
        Files.createDirectories(knownHosts);

        assertFails(Kind.PERMISSION_DENIED, "&hostKey=tofu" + identity());
        assertFails(Kind.PERMISSION_DENIED, "&hostKey=strict" + identity());
    }

    @Test
    void shouldSignInWithAPasswordAndShowItNowhere() throws Exception {
        Path right = Files.writeString(keys.resolve("right"), MinaServer.PASSWORD + "\n");
        Path wrong = Files.writeString(keys.resolve("wrong"), "hunter2-secret\n");

        assertWorks("&hostKey=any&passwordFile=" + right);
        StorageException refused = assertFails(Kind.PERMISSION_DENIED, "&hostKey=any&passwordFile=" + wrong);

        StringWriter trace = new StringWriter();
        refused.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain("hunter2").contains("user tester");
        SftpLocation location = SftpLocation
                .of(URI.create("sftp://u@h/d?passwordFile=" + wrong + "&passphraseFile=" + wrong));
        assertThat(location.toString()).doesNotContain("hunter2").contains("***");
    }

    @Test
    void shouldRefuseAnIdentityThatTheServerDoesNotKnowAndTryAnewAtTheNextCall() throws Exception {
        Path stranger = TestKeys.write(TestKeys.make(), keys.resolve("stranger"), null);
        try (StorageAdapter store = open("&hostKey=any&identity=" + stranger)) {
            StorageException failure = catchThrowableOfType(StorageException.class, store::ping);
            assertThat(failure.kind()).isEqualTo(Kind.PERMISSION_DENIED);

            Files.copy(server.identity(), stranger, StandardCopyOption.REPLACE_EXISTING);
            store.ping();
        }
    }

    @Test
    void shouldOpenAnIdentityByItsPassphrase() throws Exception {
        KeyPair pair = TestKeys.make();
        Path locked = TestKeys.write(pair, keys.resolve("locked"), "open sesame");
        Path passphrase = Files.writeString(keys.resolve("passphrase"), "open sesame\n");
        Path other = Files.writeString(keys.resolve("other"), "swordfish-secret\n");

        String withIdentity = "&hostKey=any&identity=" + locked;
        // The key is read, and then not let in: it is not the server's.
        assertThat(assertFails(Kind.PERMISSION_DENIED, withIdentity + "&passphraseFile=" + passphrase))
                .hasMessageContaining("lets user tester not in");
        assertThat(assertFails(Kind.PERMISSION_DENIED, withIdentity + "&passphraseFile=" + other))
                .hasMessageContaining("another passphrase").hasMessageNotContaining("swordfish");
        assertThat(assertFails(Kind.PERMISSION_DENIED, withIdentity)).hasMessageContaining("passphrase");
    }

    @Test
    void shouldShareConnectionsBetweenStoresAndKeepThemWithinTheLimit() {
        try (StorageAdapter one = open("&hostKey=any&connections=2" + identity());
                StorageAdapter other = open("&hostKey=any&connections=2" + identity())) {
            for (int i = 0; i < 5; i++) {
                one.ping();
                other.ping();
            }

            assertThat(server.sessions()).isEqualTo(1);
        }
    }

    @Test
    void shouldTellAMissingDirectoryFromAnEmptyOne() {
        try (StorageAdapter store = providers
                .open(server.uri(directory.resolve("missing")) + "&connections=1")) {
            StorageException failure = catchThrowableOfType(StorageException.class, store::ping);

            assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
            assertThat(failure).hasMessageContaining("the directory is missing");
        }
    }
}
