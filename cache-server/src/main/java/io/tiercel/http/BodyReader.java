package io.tiercel.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * Hands a request's body on, chunk by chunk, as it comes and no faster; runs on Jetty's threads, one at a time. The
 * chunks are Jetty's buffers and go back at once.
 */
final class BodyReader implements Runnable {
    /** Where the bytes go. Called by one thread at a time. */
    interface Target {
        /** Takes all that remains of a chunk, before it returns. */
        void take(ByteBuffer chunk) throws IOException;

        /** All is there. */
        void complete() throws IOException;
    }

    private final Exchange exchange;
    private final Request request;
    private final Target target;

    BodyReader(Exchange exchange, Target target) {
        this.exchange = exchange;
        this.request = exchange.request();
        this.target = target;
    }

    /** Reads what there is, and comes back when there is more. What goes wrong ends the exchange. */
    @Override
    public void run() {
        try {
            read();
        } catch (Throwable t) {
            exchange.fail(t);
        }
    }

    private void read() throws IOException {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                // The client went away, or stopped sending: there is nobody to tell.
                exchange.cut(chunk.getFailure());
                return;
            }
            try {
                target.take(chunk.getByteBuffer());
            } finally {
                chunk.release();
            }
            if (chunk.isLast()) {
                target.complete();
                return;
            }
        }
    }
}
