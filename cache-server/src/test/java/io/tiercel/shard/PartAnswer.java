package io.tiercel.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.ErrorCode;
import io.tiercel.tier.FrameView;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a read of a part came to. */
final class PartAnswer implements PartHandler {
    byte @Nullable [] bytes;
    long position;
    long total;
    String etag = "";
    @Nullable
    Served served;
    @Nullable
    ErrorCode error;
    String message = "";
    int answers;

    @Override
    public void onPart(FrameView frame, long at, long totalLength, Served how) {
        byte[] copy = new byte[at >= totalLength ? 0 : frame.payloadLength()];
        frame.buffer().getBytes(frame.payloadOffset(), copy);
        bytes = copy;
        position = at;
        total = totalLength;
        etag = frame.etag();
        served = how;
        answers++;
    }

    @Override
    public void onFailure(ErrorCode code, String text, int retryAfterMs) {
        error = code;
        message = text;
        answers++;
    }

    byte[] bytes() {
        return Objects.requireNonNull(bytes, "no part has come");
    }

    void requireBytesOf(int version) {
        assertThat(error).as(message).isNull();
        assertThat(bytes).isNotNull();
        assertThat(GeneratedStore.firstWrong(bytes, position, version)).isNull();
    }
}
