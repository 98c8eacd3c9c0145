package io.tiercel.storage.http;

import java.io.IOException;
import java.net.URI;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Sends a request, and sends it on to where the server says, so many times at most. One attempt each. Threadsafe. */
final class HttpClient {
    private final HttpConnections connections;
    private final int maxRedirects;

    HttpClient(HttpConnections connections, int maxRedirects) {
        this.connections = connections;
        this.maxRedirects = maxRedirects;
    }

    /** An answer, with its body still to be read; to be closed. */
    record Answer(ResponseHead head, Body body, boolean isFolder) implements AutoCloseable {
        @Override
        public void close() {
            body.close();
        }
    }

    /**
     * Asks once, and follows redirects.
     *
     * @param conditions header lines, each with its line end.
     */
    Answer ask(String method, Target first, String conditions) throws IOException {
        Target target = first;
        for (int redirects = 0;; redirects++) {
            Answer answer = send(method, target, conditions);
            if (!answer.head().isRedirect()) {
                return answer;
            }
            answer.close();
            Target next = next(target, answer.head().header("location"));
            if (next.equals(target.asFolder()) && !next.equals(target)) {
                return new Answer(answer.head(), answer.body(), true);
            }
            if (redirects == maxRedirects) {
                throw new ProtocolException("the server redirects more than " + maxRedirects + " times");
            }
            target = next;
        }
    }

    private Answer send(String method, Target target, String conditions) throws IOException {
        HttpConnection connection = connections.acquire(target);
        try {
            connection.send(method + ' ' + target.path() + " HTTP/1.1\r\nHost: " + target.authority()
                    + "\r\nUser-Agent: tiercel\r\nAccept: */*\r\nAccept-Encoding: identity\r\n" + conditions + "\r\n");
            ResponseHead head = connection.readHead();
            return new Answer(head, Body.of(connections, target, connection, head, method.equals("HEAD")), false);
        } catch (IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static Target next(Target from, @Nullable String location) throws ProtocolException {
        Predicate<String> isSafe = text -> text.chars().allMatch(c -> c > ' ' && c < 0x7F);
        if (location == null || !isSafe.test(location)) {
            throw new ProtocolException("the server redirects to no address");
        }
        Target next;
        try {
            next = Target.of(from.uri().resolve(location));
        } catch (IllegalArgumentException e) {
            next = null;
        }
        if (next == null) {
            throw new ProtocolException("the server redirects to what is no address of HTTP");
        }
        if (from.isSecure() && !next.isSecure()) {
            throw new ProtocolException("the server redirects from https to http");
        }
        return next;
    }

    /** The target of a URI that nobody redirected to. */
    static Target target(URI uri) {
        Target target = Target.of(uri);
        if (target == null && uri.getRawUserInfo() != null) {
            // Often a token: not repeated.
            throw new IllegalArgumentException("store=" + uri.getScheme() + "://***@" + uri.getHost()
                    + " names a user, and there are no credentials for " + uri.getScheme() + ": yet");
        }
        if (target == null) {
            throw new IllegalArgumentException("store=" + uri + " names no host, as http://host/prefix does");
        }
        return target;
    }
}
