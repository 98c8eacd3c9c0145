package io.tiercel.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;
import org.eclipse.jetty.http.HttpStatus;

/**
 * The page that shows an operator the node at a glance: one file, which asks {@code /v1/status} again and again and
 * nothing else. Browsers are told to run what is written in it and no other script. Threadsafe.
 */
final class Dashboard {
    static final String CONTENT_TYPE = "text/html;charset=utf-8";

    private static final String RESOURCE = "dashboard.html";

    private Dashboard() {}

    /** Read at the first request, not at the node's start. */
    private static final class Page {
        static final String TEXT = read();
        static final String POLICY = "default-src 'none'; script-src " + hashOf("script") + "; style-src " + hashOf(
                "style") + "; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

        private static String read() {
            try (InputStream in = Objects.requireNonNull(Dashboard.class.getResourceAsStream(RESOURCE), RESOURCE)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(RESOURCE, e);
            }
        }

        /** What stands between the tags of this name, of which there is one pair, as a policy names it. */
        private static String hashOf(String tag) {
            int begin = TEXT.indexOf('<' + tag + '>') + tag.length() + 2;
            String inside = TEXT.substring(begin, TEXT.indexOf("</" + tag + '>'));
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(inside.getBytes(StandardCharsets.UTF_8));
                return "'sha256-" + Base64.getEncoder().encodeToString(hash) + '\'';
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }
    }

    static void show(Exchange exchange) {
        Query.of(exchange.request().getHttpURI().getQuery(), Set.of());
        exchange.response().getHeaders().put("Content-Security-Policy", Page.POLICY);
        exchange.response().getHeaders().put("Referrer-Policy", "no-referrer");
        exchange.text(HttpStatus.OK_200, CONTENT_TYPE, Page.TEXT);
    }
}
