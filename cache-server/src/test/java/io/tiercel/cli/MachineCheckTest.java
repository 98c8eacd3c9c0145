package io.tiercel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.cli.MachineCheck.State;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineCheckTest {
    @TempDir
    Path dir;

    @Test
    void shouldTellWhatSuitsFromWhatDoesNot() {
        assertThat(MachineCheck.jdk(25).state()).isEqualTo(State.OK);
        assertThat(MachineCheck.jdk(21).state()).isEqualTo(State.BAD);
        assertThat(MachineCheck.limit("x", 10, 10, "raise it").state()).isEqualTo(State.OK);
        assertThat(MachineCheck.limit("x", 9, 10, "raise it")).isEqualTo(new MachineCheck("x", State.WARN,
                "limit 9, better 10: raise it"));
        assertThat(MachineCheck.limit("x", -1, 10, "raise it").state()).isEqualTo(State.WARN);
        assertThat(MachineCheck.space("x", dir, 1, "other").state()).isEqualTo(State.OK);
        assertThat(MachineCheck.space("x", dir, Long.MAX_VALUE, "other").state()).isEqualTo(State.BAD);
        assertThat(MachineCheck.space("x", dir.resolve("none"), 1, "other").state()).isEqualTo(State.BAD);
    }

    @Test
    void shouldReadTheLimitOfOpenFiles() {
        String limits = """
                Limit                     Soft Limit           Hard Limit           Units
                Max processes             1000                 1000                 processes
                Max open files            1024                 524288               files
                """;

        assertThat(MachineCheck.openFiles(limits)).isEqualTo(1024);
        assertThat(MachineCheck.openFiles(limits.replace("1024 ", "unlimited "))).isEqualTo(Long.MAX_VALUE);
        assertThat(MachineCheck.openFiles("")).isEqualTo(-1);
    }

    @Test
    void shouldPrintEveryCheck() {
        CommandRun text = CommandRun.of("doctor", "--dir", dir.resolve("new/node").toString());
        CommandRun json = CommandRun.of("doctor", "--json", "--dir", dir.toString());

        assertThat(text.outLines()).hasSize(5).first().asString().startsWith("ok    JDK");
        assertThat(json.out()).startsWith("{\"checks\":[{\"name\":\"JDK\",\"state\":\"ok\",");
    }

    @Test
    void shouldPrintACompletionScript() {
        CommandRun run = CommandRun.of("completion");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("complete -F _complete_tiercel", "--overwrite", "warm");
    }
}
