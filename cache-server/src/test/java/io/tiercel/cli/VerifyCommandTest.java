package io.tiercel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.tier.StoreContext;
import io.tiercel.tier.TieredStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
    @TempDir
    Path dir;

    private TieredStore open() {
        return TieredStore.open(new StoreContext().dir(dir).mappedCapacity(16 << 20).heapCapacity(0).conclude());
    }

    @Test
    void shouldEndWithZeroWhenNothingIsWrong() {
        open().close();

        CommandRun run = CommandRun.of("verify", "--dir", dir.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(run.out()).contains("stopped cleanly").contains("0 live").endsWith("damages       0\n");
    }

    @Test
    void shouldEndWithOneOnDamageAndNameIt() throws IOException {
        open().close();
        Files.write(dir.resolve("journal"), new byte[200]);

        CommandRun text = CommandRun.of("verify", "--dir", dir.toString());
        CommandRun json = CommandRun.of("verify", "--json", "--dir", dir.toString());

        assertThat(text.exitCode()).isEqualTo(ExitCode.FAILURE);
        assertThat(text.out()).contains("damage        journal at 0: not a Tiercel journal");
        assertThat(json.exitCode()).isEqualTo(ExitCode.FAILURE);
        assertThat(json.out()).contains("\"frames\":{\"live\":0,").contains("\"damage\":[{\"file\":\"journal\","
                + "\"offset\":0,\"what\":\"not a Tiercel journal");
    }

    @Test
    void shouldEndWithFiveWhileANodeHoldsTheDirectory() {
        TieredStore held = open();
        try {
            CommandRun run = CommandRun.of("verify", "--dir", dir.toString());

            assertThat(run.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
            assertThat(run.err()).contains("held by a running node, pid=" + ProcessHandle.current().pid());
        } finally {
            held.close();
        }
    }

    @Test
    void shouldEndWithThreeWhereNoNodeWas() {
        CommandRun run = CommandRun.of("verify", "--dir", dir.resolve("none").toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(run.err()).contains("not the directory of a node");
    }
}
