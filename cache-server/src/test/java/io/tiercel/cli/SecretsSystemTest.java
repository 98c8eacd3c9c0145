package io.tiercel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.tiercel.node.NodeSettings;
import io.tiercel.node.TiercelNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Nothing that a node or a command shows holds a secret of a store: nobody answers at most of them, so that their failures
 * show as well.
 */
@Timeout(300)
class SecretsSystemTest {
    private static final String PASSWORD = "kestrel-of-the-north";
    private static final String PASSPHRASE = "merlin-of-the-moor";
    private static final String KEY = "b3NwcmV5LW9mLXRoZS1sYWtl";
    private static final String SIGNATURE = "aG9iYnktb2YtdGhlLWhlYXRo";
    private static final String S3_KEY = "harrier-of-the-marsh";
    private static final String[] SECRETS = {PASSWORD, PASSPHRASE, KEY, SIGNATURE, S3_KEY};
    private static final List<String> MOUNTS = List.of("sql", "far", "az", "sas", "s3");

    @TempDir
    static Path folder;

    private static final LogText LOG = new LogText();
    private static TiercelNode node;
    private static Map<String, String> stores;

    @BeforeAll
    static void launch() throws IOException {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        LOG.setContext(root.getLoggerContext());
        LOG.start();
        root.addAppender(LOG);
        System.setProperty("aws.accessKeyId", "anybody");
        System.setProperty("aws.secretAccessKey", S3_KEY);
        Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
        Path passphrase = Files.writeString(folder.resolve("passphrase"), PASSPHRASE + "\n");
        Path key = Files.writeString(folder.resolve("key"), KEY + "\n");
        Path sas = Files.writeString(folder.resolve("sas"), "sv=2026-10-06&sig=" + SIGNATURE + "\n");
        String azure = "azblob://box?endpoint=http://127.0.0.1:1/acct&account=acct";
        stores = Map.of("sql", "jdbc:postgresql://127.0.0.1:1/db?table=t&user=joe&passwordFile=" + password,
                "far", "sftp://joe@127.0.0.1:1/d?hostKey=any&passwordFile=" + password + "&passphraseFile="
                        + passphrase,
                "az", azure + "&keyFile=" + key, "sas", azure + "&sasFile=" + sas,
                "s3", "s3://bucket?endpoint=http://127.0.0.1:1");
        NodeSettings.Context settings = new NodeSettings.Context().dir(folder.resolve("node"))
                .mappedCapacity(64 << 20).maxFrame(8 << 20).udpEndpoint("127.0.0.1:0").httpEndpoint("127.0.0.1:0");
        stores.forEach((prefix, uri) -> settings.mount(prefix, URI.create(uri)));
        node = TiercelNode.launch(settings.conclude());
    }

    @AfterAll
    static void close() {
        if (node != null) {
            node.close();
        }
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(LOG);
        LOG.stop();
    }

    @Test
    void shouldShowNoSecretInStatusOrExplanations() throws Exception {
        List<String> shown = new ArrayList<>(List.of(run("status"), run("status", "--json"), get("/v1/status"),
                get("/metrics")));
        for (String mount : MOUNTS) {
            shown.add(run("explain", mount + "/x"));
            shown.add(get("/v1/explain?key=" + mount + "/x"));
        }

        assertThat(shown.getFirst()).contains("jdbc:postgresql:", "sftp:", "azblob:", "s3:");
        assertThat(String.join("\n", shown)).doesNotContain(SECRETS);
    }

    @Test
    void shouldShowNoSecretInFailuresAndTheLog() throws Exception {
        for (String mount : MOUNTS) {
            String failures = run("get", "--verbose", mount + "/x") + run("ls", "--verbose", mount)
                    + run("rm", "--verbose", mount + "/x") + get("/v1/objects/" + mount + "/x");

            assertThat(failures).as(mount).containsAnyOf("unavailable", "not asked now").doesNotContain(SECRETS);
        }
        assertThat(LOG.text()).contains("does not answer yet").doesNotContain(SECRETS);
    }

    @Test
    void shouldShowNoSecretInTheEffectiveConfiguration() {
        List<String> arguments = new ArrayList<>(List.of("config"));
        stores.forEach((prefix, uri) -> arguments.addAll(List.of("--mount", prefix + "=" + uri)));
        String text = run(arguments.toArray(String[]::new));
        arguments.add("--json");

        assertThat(text).contains("passwordFile=", "sasFile=");
        assertThat(text + run(arguments.toArray(String[]::new))).doesNotContain(SECRETS);
    }

    @Test
    void shouldNotRepeatASecretThatItRefusesToTake() {
        for (String uri : List.of("sftp://joe:" + PASSWORD + "@host/d", "s3://bucket?secretAccessKey=" + S3_KEY,
                "azblob://box?account=acct&sig=" + SIGNATURE, "jdbc:postgresql://h/db?table=t&password=" + PASSWORD)) {
            CommandRun config = CommandRun.of("config", "--mount", "x=" + uri);

            assertThat(config.exitCode()).as(config.err()).isEqualTo(2);
            assertThat(config.out() + config.err()).doesNotContain(SECRETS);
        }
    }

    @Test
    void shouldNotRepeatASecretOfAStoreThatKeepsANodeFromStarting() {
        for (String uri : List.of("https://" + PASSWORD + "@host/d", "sftp://" + PASSWORD + "@host/d?typo=1",
                "azblob://" + PASSWORD + "@box?account=acct")) {
            CommandRun serve = CommandRun.of("serve", "--verbose", "--dir", folder.resolve("refused").toString(),
                    "--udp",
                    "off", "--http", "off", "--mount", "x=" + uri);

            assertThat(serve.exitCode()).as(serve.err()).isEqualTo(2);
            assertThat(serve.out() + serve.err()).contains("mount").doesNotContain(SECRETS);
        }
    }

    /** All that a command prints. */
    private static String run(String... arguments) {
        CommandRun command = CommandRun.of(Map.of("TIERCEL_DIR", node.dir().toString()), new byte[0], arguments);
        return command.out() + command.err();
    }

    private static String get(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://" + node.httpEndpoint() + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
            return answer.headers().map() + answer.body();
        }
    }

    /** Everything that is logged, with its stack traces. Threadsafe. */
    private static final class LogText extends AppenderBase<ILoggingEvent> {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            IThrowableProxy thrown = event.getThrowableProxy();
            lines.add(event.getFormattedMessage() + (thrown == null ? "" : ThrowableProxyUtil.asString(thrown)));
        }

        private String text() {
            return String.join("\n", lines);
        }
    }
}
