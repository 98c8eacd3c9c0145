package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AeronFolderTest {
    @TempDir
    Path temp;

    @Test
    void shouldTakeFolderOfThisStartUnderTheOneAskedFor() {
        assertThat(AeronFolder.choose(temp.resolve("asked"), temp, 0xABC)).isEqualTo(temp.resolve("asked/tiercel-abc"));
    }

    @Test
    void shouldSayWhatIsNeededAndWhatThereIs() {
        assertThatThrownBy(() -> AeronFolder.requireSpace(temp, Long.MAX_VALUE)).isInstanceOfSatisfying(
                TiercelException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE);
                    assertThat(e).hasMessageContaining("aeron.dir=" + temp).hasMessageContaining("need=")
                            .hasMessageContaining("have=");
                });
    }

    @Test
    void shouldDeleteWhatAnEarlierStartLeftAndNothingElse() throws IOException {
        Path left = Files.createDirectory(temp.resolve("tiercel-1"));
        Files.writeString(left.resolve("cnc.dat"), "x");
        Path other = Files.createDirectory(temp.resolve("other"));

        AeronFolder.deleteLeftOver(left.toString());
        AeronFolder.deleteLeftOver(other.toString());
        AeronFolder.deleteLeftOver("");

        assertThat(left).doesNotExist();
        assertThat(other).exists();
    }
}
