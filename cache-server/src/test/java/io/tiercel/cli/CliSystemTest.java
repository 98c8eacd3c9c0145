package io.tiercel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.load.MountPolicy;
import io.tiercel.node.MountSettings;
import io.tiercel.node.NodeSettings;
import io.tiercel.node.TiercelNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands against a node of this process: what they print and what they end with. */
@Timeout(120)
class CliSystemTest {
    @TempDir
    static Path folder;

    private static TiercelNode node;
    private static Path store;
    private static int nextKey;

    @BeforeAll
    static void launch() throws IOException {
        store = Files.createDirectory(folder.resolve("store"));
        URI files = URI.create("file://" + store);
        node = TiercelNode.launch(new NodeSettings.Context().dir(folder.resolve("node")).mappedCapacity(64 << 20)
                .maxFrame(8 << 20).udpEndpoint("127.0.0.1:0").httpEndpoint("127.0.0.1:0")
                .mount("", URI.create("cache:/")).mount("files", files)
                .mount(new MountSettings("fixed", files, MountPolicy.of(8 << 20).readOnly(), false)).conclude());
    }

    @AfterAll
    static void close() {
        node.close();
    }

    @Test
    void shouldReadWhatWasPutOnEveryWay() throws IOException {
        String key = key();
        byte[] bytes = bytes(300_000);
        Path source = Files.write(folder.resolve("source"), bytes);

        CommandRun put = run("put", key, source.toString(), "--content-type", "text/x");

        assertThat(put.exitCode()).as(put.err()).isZero();
        assertThat(put.out()).matches("\"[^\"]+\"\n");
        assertThat(run("get", key).bytes()).isEqualTo(bytes);
        assertThat(run("get", "--streamed", key).bytes()).isEqualTo(bytes);
        CommandRun udp = CommandRun.of(Map.of("TIERCEL_UDP", node.udpEndpoint()), new byte[0], "get", key);
        assertThat(udp.bytes()).as(udp.err()).isEqualTo(bytes);
    }

    @Test
    void shouldWriteRanges() throws IOException {
        String key = key();
        byte[] bytes = bytes(300_000);
        put(key, bytes);
        Path target = folder.resolve("range");

        assertThat(run("get", key, "--range", "0-0").bytes()).isEqualTo(Arrays.copyOfRange(bytes, 0, 1));
        assertThat(run("get", key, "--range", "1000-270000").bytes()).isEqualTo(Arrays.copyOfRange(bytes, 1000,
                270_001));
        assertThat(run("get", key, "--streamed", "--range", "299990-400000").bytes()).isEqualTo(Arrays.copyOfRange(
                bytes,
                299_990, 300_000));
        CommandRun json = run("get", key, "--range", "5-", "-o", target.toString(), "--json");
        assertThat(target).hasBinaryContent(Arrays.copyOfRange(bytes, 5, 300_000));
        assertThat(json.out()).contains("\"length\":299995");
        assertThat(run("get", key, "--range", "300000-300001").exitCode()).isEqualTo(2);
        assertThat(run("get", key, "--range", "5-2").exitCode()).isEqualTo(2);
        assertThat(run("get", key, "--range", "x").err()).contains("--range x", "A-B");
        assertThat(run("get", "none/such", "--range", "0-1").exitCode()).isEqualTo(3);
    }

    @Test
    void shouldWriteObjectToFile() throws IOException {
        String key = key();
        put(key, bytes(1000));
        Path target = folder.resolve("target");

        CommandRun run = run("get", key, "-o", target.toString(), "--json");

        assertThat(target).hasBinaryContent(bytes(1000));
        assertThat(run.out()).contains("\"key\":\"" + key + "\",\"length\":1000,").contains("\"file\":\"" + target
                + "\"");
    }

    @Test
    void shouldPutStandardInputWhoseLengthIsUnknown() {
        String key = key();

        CommandRun put = CommandRun.of(environment(), bytes(100_000), "put", "--json", key, "-");

        assertThat(put.out()).contains("\"created\":true,\"length\":100000}");
        assertThat(run("get", key).bytes()).isEqualTo(bytes(100_000));
    }

    @Test
    void shouldPutNothingAsAnEmptyObject() {
        String key = key();

        put(key, new byte[0]);

        CommandRun get = run("get", key);
        assertThat(get.exitCode()).isZero();
        assertThat(get.bytes()).isEmpty();
    }

    @Test
    void shouldRefuseConditionsThatDoNotHold() {
        String key = key();
        put(key, bytes(10));

        CommandRun absent = CommandRun.of(environment(), bytes(11), "put", "--if-absent", key, "-");
        CommandRun match = CommandRun.of(environment(), bytes(11), "put", "--if-match", "\"other\"", key, "-");

        assertThat(absent.exitCode()).isEqualTo(4);
        assertThat(absent.errLines()).hasSize(1);
        assertThat(match.exitCode()).isEqualTo(4);
        assertThat(run("get", key).bytes()).isEqualTo(bytes(10));
    }

    @Test
    void shouldSayThatThereIsNoSuchObject() {
        CommandRun get = run("get", "none/such");
        CommandRun stat = run("stat", "none/such");

        assertThat(get.errLines()).containsExactly("tiercel: no such object: none/such");
        assertThat(get.exitCode()).isEqualTo(3);
        assertThat(stat.errLines()).containsExactly("tiercel: no such object or folder: none/such");
        assertThat(stat.exitCode()).isEqualTo(3);
        assertThat(run("exists", "none/such").exitCode()).isEqualTo(3);
        assertThat(run("exists", "--json", "none/such").out()).isEqualTo("{\"key\":\"none/such\",\"exists\":false}\n");
    }

    @Test
    void shouldPrintWhatIsKnown() {
        String key = key();
        put(key, bytes(10));

        CommandRun run = run("stat", "--json", key);

        assertThat(run.out()).startsWith("{\"key\":\"" + key + "\",\"type\":\"file\",\"length\":10,\"etag\":\"\\\"")
                .contains("\"contentType\":null,\"lastModified\":", "\"expires\":null,\"tier\":\"", "\"mount\":\"\",",
                        "\"weightBytes\":", "\"epoch\":");
        assertThat(run("stat", key).outLines()).contains("key            " + key, "length         10");
        assertThat(run("exists", key).exitCode()).isZero();
    }

    @Test
    void shouldListFolderAndEverythingBelow() throws IOException {
        Files.createDirectories(store.resolve("list/a/b"));
        Files.writeString(store.resolve("list/x"), "x");
        Files.writeString(store.resolve("list/a/b/y"), "yy");

        assertThat(run("ls", "files/list").outLines()).containsExactlyInAnyOrder("files/list/a/", "files/list/x");
        assertThat(run("ls", "-r", "files/list").outLines()).containsExactlyInAnyOrder("files/list/a/",
                "files/list/a/b/", "files/list/a/b/y", "files/list/x");
        assertThat(run("ls", "--json", "files/list/a/b").out())
                .matches("\\{\"path\":\"files/list/a/b/y\",\"type\":\"file\",\"length\":2,\"etag\":.*,"
                        + "\"lastModified\":\"20[^\"]+Z\"}\n");
    }

    @Test
    void shouldRefuseToListWhatCannotList() {
        CommandRun run = run("ls");

        assertThat(run.errLines()).singleElement().asString().contains("cannot list");
        assertThat(run.exitCode()).isEqualTo(4);
    }

    @Test
    void shouldDeleteInTheStore() throws IOException {
        CommandRun put = CommandRun.of(environment(), bytes(10), "put", "files/rm/a/b", "-");
        assertThat(put.exitCode()).as(put.err()).isZero();

        assertThat(run("rm", "files/rm/a/b").exitCode()).isZero();
        assertThat(run("get", "files/rm/a/b").exitCode()).isEqualTo(3);
        assertThat(run("rm", "files/rm/a/b").exitCode()).isZero();
        assertThat(run("rm", "-r", "--json", "files/rm").out()).isEqualTo("{\"key\":\"files/rm\",\"deleted\":true}\n");
        try (Stream<Path> left = Files.list(store)) {
            assertThat(left).doesNotContain(store.resolve("rm"));
        }
    }

    @Test
    void shouldRefuseToWriteToReadOnlyMount() {
        CommandRun run = CommandRun.of(environment(), bytes(10), "put", "fixed/x", "-");

        assertThat(run.errLines()).hasSize(1);
        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(store.resolve("x")).doesNotExist();
    }

    @Test
    void shouldDropFromTheCacheAlone() {
        String key = key();
        put(key, bytes(10));
        put(key + "/a/b", bytes(10));
        put(key + "/ab", bytes(10));

        assertThat(run("invalidate", key).exitCode()).isZero();
        assertThat(run("invalidate", "--prefix", key + "/a", "--json").out())
                .isEqualTo("{\"prefix\":\"" + key + "/a\"}\n");

        assertThat(run("exists", key).exitCode()).isEqualTo(3);
        assertThat(run("exists", key + "/a/b").exitCode()).isEqualTo(3);
        assertThat(run("exists", key + "/ab").exitCode()).isZero();
    }

    @Test
    void shouldRefuseObjectBeyondTheLargestInOneLine() throws IOException {
        Path source = Files.write(folder.resolve("large"), new byte[(8 << 20) + 1]);

        CommandRun run = run("put", key(), source.toString());

        assertThat(run.errLines()).singleElement().asString().contains(Integer.toString((8 << 20) + 1));
        assertThat(run.exitCode()).isEqualTo(4);
    }

    @Test
    void shouldPrintStateOfTheNode() {
        assertThat(run("status").outLines()).anyMatch(line -> line.matches("mapped +.* of 64\\.0MiB, .*"))
                .anyMatch(line -> line.startsWith("store         files: file:///"));
        assertThat(run("explain", "none/such").outLines()).contains("answer                 nothing",
                "mount                  (root)");
        assertThat(run("explain", "--json", "none/such").out()).startsWith("{\"key\":\"none/such\",").endsWith("}}\n");
        assertThat(run("status", "--json").out()).startsWith("{\"node\":").endsWith("}\n");
    }

    @Test
    void shouldPrintRoundTrips() {
        assertThat(run("ping", "-c", "20").outLines().get(0)).isEqualTo("20 round trips, mapped, in microseconds:");
        assertThat(run("ping", "-c", "20", "--json", "--streamed").out())
                .startsWith("{\"mode\":\"ipc\",\"count\":20,\"minNs\":");
    }

    @Test
    void shouldRefuseSecondNodeOnTheDirectory() {
        CommandRun run = serve("--dir", node.dir().toString());

        assertThat(run.errLines()).singleElement().asString().contains("pid", Long.toString(ProcessHandle.current()
                .pid()));
        assertThat(run.exitCode()).isEqualTo(5);
    }

    @Test
    void shouldRefusePortsInUse() throws IOException {
        String dir = folder.resolve("other").toString();
        CommandRun udp = serve("--dir", dir, "--udp", node.udpEndpoint());

        assertThat(udp.errLines()).singleElement().asString().contains(node.udpEndpoint());
        assertThat(udp.exitCode()).isEqualTo(5);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String endpoint = "127.0.0.1:" + taken.getLocalPort();
            CommandRun http = serve("--dir", dir, "--http", endpoint);
            assertThat(http.errLines()).singleElement().asString().contains(endpoint);
            assertThat(http.exitCode()).isEqualTo(5);
        }
    }

    @Test
    void shouldRefuseMountThatCannotBeRead() {
        CommandRun run = serve("--dir", folder.resolve("other").toString(), "--mount", "x=file:///none/such");

        assertThat(run.errLines()).singleElement().asString().contains("/none/such");
        assertThat(run.exitCode()).isIn(2, 5);
    }

    @Test
    void shouldRefuseStoreThatNobodyKnows() {
        CommandRun run = serve("--dir", folder.resolve("other").toString(), "--mount", "x=gopher://h/x");

        assertThat(run.errLines()).singleElement().asString().contains("gopher");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    /** A serve that must fail, else it would not end; ports that are not the point are free ones. */
    private static CommandRun serve(String... args) {
        Map<String, String> environment = Map.of("TIERCEL_UDP", "127.0.0.1:0", "TIERCEL_HTTP", "127.0.0.1:0");
        return CommandRun.of(environment, new byte[0],
                Stream.concat(Stream.of("serve"), Arrays.stream(args)).toArray(String[]::new));
    }

    private static void put(String key, byte[] bytes) {
        CommandRun run = CommandRun.of(environment(), bytes, "put", key, "-");
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    private static CommandRun run(String... args) {
        return CommandRun.of(environment(), "".getBytes(StandardCharsets.UTF_8), args);
    }

    private static Map<String, String> environment() {
        return Map.of("TIERCEL_DIR", node.dir().toString());
    }

    private static String key() {
        return "test/" + nextKey++;
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
