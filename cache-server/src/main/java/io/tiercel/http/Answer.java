package io.tiercel.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Small answers, written whole. */
final class Answer {
    private Answer() {}

    static void problem(Response response, Problem problem, Callback callback) {
        if (problem.retryAfterS() > 0) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, problem.retryAfterS());
        }
        text(response, problem.status(), Problem.CONTENT_TYPE, problem.json(), callback);
    }

    /** State of this moment, not to be kept by anybody on the way. */
    static void text(Response response, int status, String contentType, String text, Callback callback) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, utf8.length);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.write(true, ByteBuffer.wrap(utf8), callback);
    }

    /** A status without a body. */
    static void empty(Response response, int status, Callback callback) {
        response.setStatus(status);
        response.write(true, ByteBuffer.allocate(0), callback);
    }
}
