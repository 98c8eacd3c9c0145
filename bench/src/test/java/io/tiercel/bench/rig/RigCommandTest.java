package io.tiercel.bench.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RigCommandTest {
    @TempDir
    Path folder;

    private final StringWriter err = new StringWriter();
    private final CommandLine rig = new CommandLine(new RigCommand()).setErr(new PrintWriter(err, true));

    @Test
    void shouldNameTheRigsThereAre() {
        int exitCode = rig.execute("--only", "speed", "--out", folder.resolve("a.json").toString());

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).startsWith("--only=speed: expected some of latency");
    }

    @Test
    void shouldRefuseACountOfNoFrames() {
        int exitCode = rig.execute("--only", "frames", "--frames", "1000,0", "--out", folder.resolve("a.json")
                .toString());

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).startsWith("--frames=0: expected at least 1");
    }

    @Test
    void shouldRefuseAFileThatCannotBeWritten() {
        int exitCode = rig.execute("--quick", "--out", folder.resolve("missing/a.json").toString());

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains("a.json: cannot be written: ");
    }
}
