package io.tiercel.http;

import io.tiercel.metrics.HttpMetrics;
import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingNestedCallback;

/**
 * Writes a payload where it lies, one slice after another: the next one when the network has taken the last, so that
 * nothing is copied and nothing queues up, however large the payload and slow the reader.
 */
final class PayloadWriter extends IteratingNestedCallback {
    private static final int SLICE_LENGTH = 256 * 1024;

    private final Response response;
    private final ByteBuffer payload;
    private final HttpMetrics metrics;

    private boolean isLastSent;

    /**
     * A writer that has not begun.
     *
     * @param payload remaining bytes, valid until the callback is done; its position is ours.
     */
    PayloadWriter(Response response, ByteBuffer payload, HttpMetrics metrics, Callback callback) {
        super(callback);
        this.response = response;
        this.payload = payload;
        this.metrics = metrics;
    }

    @Override
    protected Action process() {
        if (isLastSent) {
            return Action.SUCCEEDED;
        }
        int length = Math.min(SLICE_LENGTH, payload.remaining());
        ByteBuffer slice = payload.slice(payload.position(), length);
        payload.position(payload.position() + length);
        isLastSent = !payload.hasRemaining();
        metrics.sent(length);
        response.write(isLastSent, slice, this);
        return Action.SCHEDULED;
    }
}
