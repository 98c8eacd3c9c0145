package io.tiercel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.node.NodeSettings;
import io.tiercel.node.TiercelNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands that work on what stores hold: listings, totals, moves, copies, warming; and those that look on. */
@Timeout(120)
class StoreCommandsSystemTest {
    @TempDir
    static Path folder;

    private static TiercelNode node;
    private static Path store;

    @BeforeAll
    static void launch() throws IOException {
        store = Files.createDirectory(folder.resolve("store"));
        node = TiercelNode.launch(new NodeSettings.Context().dir(folder.resolve("node")).mappedCapacity(64 << 20)
                .maxFrame(8 << 20).udpEndpoint("127.0.0.1:0").httpEndpoint(NodeSettings.OFF)
                .mount("hot", URI.create("cache:/")).mount("files", URI.create("file://" + store))
                .mount("other", URI.create("memory:/")).conclude());
    }

    @AfterAll
    static void close() {
        node.close();
    }

    @Test
    void shouldListAsDeepAsIsAskedForAndWhatMatches() {
        put("files/ls/a.csv", "1");
        put("files/ls/x/b.csv", "22");
        put("files/ls/x/y/c.txt", "333");

        assertThat(run("ls", "files/ls", "--depth", "1").outLines()).containsExactlyInAnyOrder("files/ls/a.csv",
                "files/ls/x/", "files/ls/x/b.csv", "files/ls/x/y/");
        assertThat(run("ls", "files/ls", "--glob", "**/*.csv").outLines()).containsExactlyInAnyOrder("files/ls/a.csv",
                "files/ls/x/b.csv");
        assertThat(run("ls", "files", "--glob", "ls/x/y/[a-c].txt").outLines()).containsExactly("files/ls/x/y/c.txt");
        assertThat(run("ls", "files/ls", "--glob", "a**").exitCode()).isEqualTo(2);
        assertThat(run("ls", "files/ls", "--depth", "-1").exitCode()).isEqualTo(2);
    }

    @Test
    void shouldCountWhatLiesBelow() {
        put("files/du/a", "1");
        put("files/du/x/b", "22");

        assertThat(run("du", "files/du", "--json").out()).matches(
                "\\{\"path\":\"files/du\",\"count\":2,\"bytes\":3,\"newest\":\"20[^\"]+Z\"}\n");
        assertThat(run("du", "files/du").out()).startsWith("3 bytes in 2 files, newest 20");
        assertThat(run("du", "files/none").exitCode()).isEqualTo(3);
        assertThat(run("du", "files/du/a").exitCode()).as("a file").isEqualTo(2);
    }

    @Test
    void shouldMoveAndCopyInAStoreAndBetweenStores() {
        put("files/mv/a", "1");

        assertThat(run("cp", "files/mv/a", "files/mv/b").exitCode()).isZero();
        assertThat(run("mv", "files/mv/a", "files/mv/b").exitCode()).as("there is one").isEqualTo(4);
        assertThat(run("mv", "files/mv/b", "other/b", "--json").out()).startsWith(
                "{\"from\":\"files/mv/b\",\"to\":\"other/b\",\"etag\":").endsWith("\"created\":true}\n");
        assertThat(run("mv", "--overwrite", "files/mv/a", "other/b").exitCode()).isZero();
        assertThat(run("get", "other/b").out()).isEqualTo("1");
        assertThat(run("exists", "files/mv/a").exitCode()).isEqualTo(3);
        assertThat(run("mv", "files/mv/a", "other/c").exitCode()).isEqualTo(3);
        assertThat(store.resolve("mv/b")).doesNotExist();
    }

    @Test
    void shouldMoveInTheCacheAlone() {
        put("hot/a", "1");

        assertThat(run("mv", "hot/a", "hot/b").exitCode()).isZero();

        assertThat(run("get", "hot/b").out()).isEqualTo("1");
        assertThat(run("get", "hot/a").exitCode()).isEqualTo(3);
        assertThat(run("cp", "hot/b", "files/b").exitCode()).isEqualTo(4);
    }

    @Test
    void shouldDropEverythingUnderAPrefixOfTheCacheAlone() {
        put("hot/rm/a", "1");
        put("hot/rm/x/b", "1");
        put("hot/rmx", "1");

        assertThat(run("rm", "-r", "hot/rm").exitCode()).isZero();

        assertThat(run("exists", "hot/rm/a").exitCode()).isEqualTo(3);
        assertThat(run("exists", "hot/rm/x/b").exitCode()).isEqualTo(3);
        assertThat(run("exists", "hot/rmx").exitCode()).isZero();
    }

    @Test
    void shouldReadAheadWhatLiesBelow() throws IOException {
        Files.createDirectories(store.resolve("warm/x"));
        for (int i = 0; i < 50; i++) {
            Files.writeString(store.resolve("warm/x/" + i), "12345");
            Files.setLastModifiedTime(store.resolve("warm/x/" + i), java.nio.file.attribute.FileTime.fromMillis(
                    1_000_000));
        }

        CommandRun warm = run("warm", "files/warm", "--json");

        assertThat(warm.err()).as("progress is for terminals").isEmpty();
        assertThat(warm.out()).isEqualTo("{\"path\":\"files/warm\",\"count\":50,\"bytes\":250,\"failed\":0}\n");
        assertThat(run("warm", "hot").exitCode()).as("cannot list").isEqualTo(4);
    }

    @Test
    void shouldShowTheNodeAgainAndAgain() {
        CommandRun top = run("top", "-n", "2", "-i", "1ms");

        assertThat(top.outLines()).filteredOn(line -> line.startsWith("node ")).hasSize(2);
        assertThat(top.out()).as("clears no screen that is none").doesNotContain("\u001b");
        assertThat(run("top", "-n", "2", "-i", "1ms", "--json").outLines()).hasSize(2).allMatch(line -> line.startsWith(
                "{\"node\":"));
    }

    private static void put(String key, String text) {
        CommandRun run = CommandRun.of(environment(), text.getBytes(StandardCharsets.UTF_8), "put", key, "-");
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    private static CommandRun run(String... args) {
        return CommandRun.of(environment(), new byte[0], args);
    }

    private static Map<String, String> environment() {
        return Map.of("TIERCEL_DIR", node.dir().toString());
    }
}
