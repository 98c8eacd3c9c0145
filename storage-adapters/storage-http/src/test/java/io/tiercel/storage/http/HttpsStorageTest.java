package io.tiercel.storage.http;

import static io.tiercel.storage.http.WebServer.utf8;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS: whom we talk to is whom the certificate names. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpsStorageTest {
    /** Of a key that lives as long as the test. */
    private static final String PHRASE = "changeit";

    private final SharedClients clients = new SharedClients(10);
    private WebServer server;

    private static SSLContext own;

    @BeforeAll
    static void makeKey(@TempDir Path directory) throws IOException, GeneralSecurityException, InterruptedException {
        own = contextOf(makeKeyFile(directory.resolve("keys")));
    }

    @BeforeEach
    void start() throws IOException {
        HttpsServer tls = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        tls.setHttpsConfigurator(new HttpsConfigurator(own));
        server = new WebServer(tls);
        server.put("object", utf8("0123456789"));
    }

    @AfterEach
    void stop() {
        clients.close();
        server.close();
    }

    /** A key, and a certificate for the name localhost alone that it signed itself. */
    private static Path makeKeyFile(Path file) throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=dns:localhost", "-storetype",
                "PKCS12", "-keystore", file.toString(), "-storepass", PHRASE).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        return file;
    }

    private static SSLContext contextOf(Path file) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PHRASE.toCharArray());
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PHRASE.toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore certificates = KeyStore.getInstance("PKCS12");
        certificates.load(null, null);
        certificates.setCertificateEntry("own", keys.getCertificate("mykey"));
        trusted.init(certificates);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    private HttpStorage openTrusting(String host) {
        URI uri = URI.create("https://" + host + ":" + server.port() + "?allowPrivate=true");
        return HttpStorage.open(uri, clients,
                (timeoutMs, allowPrivate) -> () -> new HttpConnections(timeoutMs, allowPrivate, own
                        .getSocketFactory()));
    }

    @Test
    void shouldReadFromAServerWithACertificateForItsName() {
        try (HttpStorage store = openTrusting("localhost")) {
            for (int i = 0; i < 3; i++) {
                try (ObjectRead read = store.open(StorePath.of("object"), ReadOptions.WHOLE.range(2, 5))) {
                    ByteBuffer target = ByteBuffer.allocate(20);
                    while (read.read(target) >= 0) {
                        assertThat(target.position()).isPositive();
                    }
                    assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(utf8("23456")));
                }
            }
        }
    }

    @Test
    void shouldNotTalkToAServerWithACertificateForAnotherName() {
        try (HttpStorage store = openTrusting("127.0.0.1")) {
            StorageException failure = catchThrowableOfType(StorageException.class,
                    () -> store.info(StorePath.of("object")));

            assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(failure).hasMessageContaining("no secure connection");
        }
    }

    @Test
    void shouldNotTalkToAServerThatNobodyVouchesFor() {
        URI uri = URI.create("https://localhost:" + server.port() + "?allowPrivate=true");
        try (HttpStorage store = HttpStorage.open(uri, clients)) {
            StorageException failure = catchThrowableOfType(StorageException.class,
                    () -> store.info(StorePath.of("object")));

            assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(failure).hasMessageContaining("no secure connection");
        }
    }

    @Test
    void shouldNotFollowARedirectOutOfTls() {
        server.redirect("away", "http://localhost:" + server.port() + "/object");
        try (HttpStorage store = openTrusting("localhost")) {
            StorageException failure = catchThrowableOfType(StorageException.class,
                    () -> store.info(StorePath.of("away")));

            assertThat(failure).hasMessageContaining("from https to http");
        }
    }
}
