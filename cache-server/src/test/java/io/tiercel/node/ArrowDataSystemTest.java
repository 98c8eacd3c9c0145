package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tiercel.Key;
import io.tiercel.client.Frame;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real Arrow files, golden and hostile, come back byte for byte by every way there is. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ArrowDataSystemTest {
    @TempDir
    Path temp;

    @Test
    void shouldGiveBackEveryFileByEveryWay() throws Exception {
        Path data = Path.of(System.getProperty("tiercel.data")).resolve("arrow");
        assumeTrue(Files.isDirectory(data), "no Arrow files: tiercel.data=" + data);
        NodeSettings settings = new NodeSettings.Context().dir(temp.resolve("node")).mappedCapacity(256L << 20)
                .profile(Profile.COMPACT).udpEndpoint("127.0.0.1:0").httpEndpoint("127.0.0.1:0")
                .mount("put", URI.create("cache:/")).mount("lake", data.toUri()).conclude();
        try (TiercelNode node = TiercelNode.launch(settings);
                TiercelClient mapped = TiercelClient.connect(new TiercelClient.Context().nodeDir(node.dir()));
                TiercelClient ipc = TiercelClient
                        .connect(new TiercelClient.Context().nodeDir(node.dir()).streamed(true));
                TiercelClient udp = TiercelClient.connect(new TiercelClient.Context().udp(node.udpEndpoint()));
                HttpClient http = HttpClient.newHttpClient()) {
            List<Path> files = filesUnder(data);
            assertThat(files).hasSizeGreaterThan(50);
            for (Path file : files) {
                byte[] bytes = Files.readAllBytes(file);
                String expected = sha256(ByteBuffer.wrap(bytes));
                String name = data.relativize(file).toString();
                mapped.put(Key.of("put/" + name), ByteBuffer.wrap(bytes), PutOptions.DEFAULTS);
                for (String prefix : List.of("put/", "lake/")) {
                    Key key = Key.of(prefix + name);
                    assertThat(sha256(mapped, key)).as("mapped %s", key).isEqualTo(expected);
                    assertThat(sha256(ipc, key)).as("over IPC %s", key).isEqualTo(expected);
                    assertThat(sha256(udp, key)).as("over UDP %s", key).isEqualTo(expected);
                    assertThat(sha256(http, node.httpEndpoint(), key)).as("over HTTP %s", key).isEqualTo(expected);
                }
            }
        }
    }

    private static List<Path> filesUnder(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static String sha256(TiercelClient client, Key key) {
        try (Frame frame = client.get(key)) {
            assertThat(frame).as("%s", key).isNotNull();
            return sha256(frame.byteBuffer());
        }
    }

    private static String sha256(HttpClient http, String endpoint, Key key) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + endpoint + "/v1/objects/" + key)).build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        return sha256(ByteBuffer.wrap(response.body()));
    }

    private static String sha256(ByteBuffer bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
