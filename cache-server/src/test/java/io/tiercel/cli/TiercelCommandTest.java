package io.tiercel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TiercelCommandTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "get --jsn x | tiercel get: Unknown option: '--jsn'; did you mean --json? (see 'tiercel get --help')",
        "get | tiercel get: Missing required parameter: 'KEY' (see 'tiercel get --help')",
        "gett x | tiercel: no such command: gett; did you mean get? (see 'tiercel --help')",
        "--jsn | tiercel: Unknown option: '--jsn' (see 'tiercel --help')",
        "invalidate a --all | tiercel invalidate: KEY, --all are mutually exclusive (specify only one)"
                + " (see 'tiercel invalidate --help')",
        "'invalidate --prefix ' | tiercel invalidate: Invalid value for option '--prefix': key is empty: ''"
                + " (see 'tiercel invalidate --help')",
        "invalidate --prefix / | tiercel invalidate: Invalid value for option '--prefix': key is empty: '/'"
                + " (see 'tiercel invalidate --help')",
        "'invalidate ' | tiercel invalidate: Invalid value for positional parameter at index 0 (KEY): key is empty: ''"
                + " (see 'tiercel invalidate --help')",
        "ping --timeout 5 | tiercel ping: Invalid value for option '--timeout': '5' is no duration such as"
                + " 250ms or 10m (see 'tiercel ping --help')",
        "ping -c 0 | tiercel: -c 0: expected at least 1",
        "get ../x | tiercel get: Invalid value for positional parameter at index 0 (KEY): key is stepping out"
                + " with '..': '../x' (see 'tiercel get --help')",
        "get --json x | tiercel: --json needs -o FILE: standard output takes the bytes",
        "get --dir a --udp b:1 x | tiercel: --dir and --udp name one node each: give one of them",
        "put x /none/such | tiercel: no such file, or not readable: /none/such",
        "put x / | tiercel: a folder, not a file: /",
        "serve --log xml | tiercel: --log xml: expected text or json",
        "serve --heap 5MB | tiercel: option --heap: memory.heap=5MB: expected a size such as 64MiB (B, KiB, MiB,"
                + " GiB, TiB)"})
    void shouldRefuseBadUsageInOneLine(String args, String line) {
        CommandRun run = CommandRun.of(args.split(" ", -1));

        assertThat(run.errLines()).containsExactly(line);
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void shouldInvalidateEverythingOnlyWhenToldSo() {
        CommandRun run = CommandRun.of("invalidate");

        assertThat(run.errLines()).containsExactly(
                "tiercel invalidate: Missing required argument (specify one of these):"
                        + " (KEY | --prefix=PREFIX | --all) (see 'tiercel invalidate --help')");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void shouldRefuseNoCommandAtAll() {
        CommandRun run = CommandRun.of();

        assertThat(run.errLines()).containsExactly("tiercel: expected a command (see 'tiercel --help')");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Subcommand.class)
    void shouldHelpWithEveryCommand(Subcommand command) {
        CommandRun run = CommandRun.of(command.toString(), "--help");

        assertThat(run.outLines().get(0)).startsWith("Usage: tiercel " + command);
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void shouldListEveryCommandInItsHelp() {
        CommandRun run = CommandRun.of("--help");

        for (Subcommand command : Subcommand.values()) {
            assertThat(run.outLines()).anyMatch(line -> line.startsWith("  " + command + " "));
        }
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void shouldSayThatThereIsNoNode() {
        String dir = folder.resolve("none").toString();

        CommandRun run = CommandRun.of(Map.of("TIERCEL_DIR", dir), new byte[0], "get", "a/b");

        assertThat(run.errLines()).containsExactly("tiercel: no node at " + dir
                + ": start one with 'tiercel serve', or name one with --dir DIR or --udp HOST:PORT");
        assertThat(run.exitCode()).isEqualTo(5);
    }

    @Test
    void shouldSayInOneLineThatFolderIsNoNodes() {
        CommandRun run = CommandRun.of("get", "--dir", folder.toString(), "a/b");

        assertThat(run.errLines()).singleElement().asString().startsWith("tiercel: ").contains(folder.toString());
        assertThat(run.exitCode()).isEqualTo(5);
    }

    @Test
    void shouldShowStackTraceOnlyWhenAskedFor() {
        CommandRun run = CommandRun.of("get", "--verbose", "--dir", folder.toString(), "a/b");

        assertThat(run.err()).contains("\tat io.tiercel.");
        assertThat(run.exitCode()).isEqualTo(5);
    }

    @Test
    void shouldPrintVersion() {
        CommandRun run = CommandRun.of("version", "--json");

        assertThat(run.out()).matches("\\{\"version\":\"[^\"]+\",\"jdk\":\"[^\"]+\",\"os\":\"[^\"]+\"}\n");
    }

    @Test
    void shouldPrintSettingsWithTheirOrigin() throws IOException {
        Path file = Files.writeString(folder.resolve("t.conf"), "load.permits = 5");

        CommandRun run = CommandRun.of(Map.of("TIERCEL_CONFIG", file.toString(), "TIERCEL_MAPPED", "32MiB"),
                new byte[0], "config", "--json", "--heap", "1MiB", "--mount", "a/b=file:///x");

        assertThat(run.out()).contains("\"memory.heap\":{\"value\":\"1MiB\",\"origin\":\"option --heap\"}",
                "\"memory.mapped\":{\"value\":\"32MiB\",\"origin\":\"environment TIERCEL_MAPPED\"}",
                "\"load.permits\":{\"value\":\"5\",\"origin\":\"" + file + ":1\"}",
                "\"mounts.\\\"a/b\\\".store\":{\"value\":\"file:///x\",\"origin\":\"option --mount\"}");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void shouldTellEveryDefectOfTheConfigurationInLineOfItsOwn() {
        CommandRun run = CommandRun.of("config", "--heap", "x", "--mapped", "y", "--mount", "s=s3://me:pw12@h/");

        assertThat(run.errLines()).hasSize(3).allMatch(line -> line.startsWith("tiercel: option --"));
        assertThat(run.err()).doesNotContain("pw12");
        assertThat(run.exitCode()).isEqualTo(2);
    }
}
