package io.tiercel.storage.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.BinaryData;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An answer: its head, and its body either read already or still in the connection. Not threadsafe. */
final class SocketResponse extends HttpResponse {
    /** Of an answer that is read at once: the longest, a page of 5,000 names, has a tenth of it. */
    private static final int MAX_READ_LENGTH = 64 * 1024 * 1024;

    private final ClassicHttpResponse answer;
    private final Runnable abort;
    private final HttpHeaders headers;
    private byte @Nullable [] bytes;

    // The SDK's other way remembers every name that was ever seen.
    @SuppressWarnings("deprecation")
    SocketResponse(HttpRequest request, ClassicHttpResponse answer, Runnable abort) {
        super(request);
        this.answer = answer;
        this.abort = abort;
        this.headers = new HttpHeaders(16);
        for (Header header : answer.getHeaders()) {
            headers.add(header.getName(), header.getValue() == null ? "" : header.getValue());
        }
    }

    /** Takes the whole answer from the connection, and gives that back. */
    static SocketResponse read(HttpRequest request, ClassicHttpResponse answer, Runnable abort) throws IOException {
        SocketResponse response = new SocketResponse(request, answer, abort);
        try {
            HttpEntity entity = answer.getEntity();
            byte[] body = entity == null || isEmpty(entity)
                    ? new byte[0]
                    : entity.getContent().readNBytes(MAX_READ_LENGTH);
            if (body.length == MAX_READ_LENGTH) {
                throw new IOException("the answer is longer than " + MAX_READ_LENGTH);
            }
            response.bytes = body;
            return response;
        } finally {
            response.close();
        }
    }

    /** Reads the end of a body that is said to be empty; without that its connection would not be used again. */
    private static boolean isEmpty(HttpEntity entity) throws IOException {
        return entity.getContentLength() == 0 && entity.getContent().read() < 0;
    }

    /** Where the body comes from; empty when there is none. Not to be closed: that would read it to its end. */
    InputStream stream() throws IOException {
        HttpEntity entity = answer.getEntity();
        return bytes != null || entity == null ? new ByteArrayInputStream(body()) : entity.getContent();
    }

    private byte[] body() {
        return bytes == null ? new byte[0] : bytes;
    }

    @Override
    public int getStatusCode() {
        return answer.getCode();
    }

    @Override
    @Deprecated
    public @Nullable String getHeaderValue(String name) {
        return headers.getValue(HttpHeaderName.fromString(name));
    }

    @Override
    public HttpHeaders getHeaders() {
        return headers;
    }

    @Override
    public Flux<ByteBuffer> getBody() {
        return Flux.just(ByteBuffer.wrap(body()));
    }

    @Override
    public BinaryData getBodyAsBinaryData() {
        return BinaryData.fromBytes(body());
    }

    @Override
    public Mono<byte[]> getBodyAsByteArray() {
        return Mono.just(body());
    }

    @Override
    public Mono<String> getBodyAsString() {
        return getBodyAsString(StandardCharsets.UTF_8);
    }

    @Override
    public Mono<String> getBodyAsString(Charset charset) {
        return Mono.just(new String(body(), charset));
    }

    /** Gives the connection back when the body was read at once, ends it otherwise. */
    @Override
    public void close() {
        close(bytes != null);
    }

    /** @param complete whether the body was read to its end: else the connection is of no more use. Never fails. */
    void close(boolean complete) {
        if (!complete) {
            abort.run();
        }
        try {
            answer.close();
        } catch (IOException e) {
            // The connection is gone, which is as good.
            return;
        }
    }
}
