package io.tiercel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ErrorsTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Errors errors = new Errors(new Console(InputStream.nullInputStream(), OutputStream.nullOutputStream(),
            new PrintStream(err, true, StandardCharsets.UTF_8), Map.of()));

    @Test
    void shouldKeepQuietWhenTheReaderHasEnough() {
        int exitCode = errors.onFailure(new IOException("Broken pipe"), true);

        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(exitCode).isZero();
    }

    @Test
    void shouldFailWhenTheDiskUnderTheOutputIsFull() {
        int exitCode = errors.onFailure(new IOException("No space left on device"), false);

        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("tiercel: No space left on device\n");
        assertThat(exitCode).isEqualTo(1);
    }

    @Test
    void shouldNameTheFileThatIsNotPermitted() {
        int exitCode = errors.onFailure(new AccessDeniedException("/x"), false);

        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("tiercel: permission denied: /x\n");
        assertThat(exitCode).isEqualTo(1);
    }

    @Test
    void shouldKeepMessageInOneLineThatMovesNoCursor() {
        errors.onFailure(new TiercelException(ErrorCode.NOT_FOUND, "a\nb\u001b[2J"), false);

        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("tiercel: a b [2J\n");
    }

    @Test
    void shouldCallDefectsByTheirName() {
        int exitCode = errors.onFailure(new IllegalStateException("x=1"), false);

        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("tiercel: internal error: java.lang.IllegalStateException: x=1\n");
        assertThat(exitCode).isEqualTo(1);
    }
}
