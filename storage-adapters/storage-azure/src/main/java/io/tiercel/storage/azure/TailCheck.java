package io.tiercel.storage.azure;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponseFactory;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.HttpMessageParserFactory;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * Answers whose bodies fail at their end when more bytes are there by then: the client below would read to the stated length,
 * and take the rest for the begin of the next answer. Stateless.
 */
final class TailCheck {
    private TailCheck() {}

    /** Connections whose answers are such. */
    static ManagedHttpClientConnectionFactory connections() {
        return ManagedHttpClientConnectionFactory.builder().responseParserFactory(new Parsers()).build();
    }

    private static final class Parsers implements HttpMessageParserFactory<ClassicHttpResponse> {
        private final DefaultHttpResponseParserFactory parsers = new DefaultHttpResponseParserFactory(null,
                new Answers());

        // Older callers come this way; the settings are the parsers' own.
        @Override
        @SuppressWarnings("deprecation")
        public HttpMessageParser<ClassicHttpResponse> create(@Nullable Http1Config configuration) {
            return create();
        }

        @Override
        public HttpMessageParser<ClassicHttpResponse> create() {
            HttpMessageParser<ClassicHttpResponse> parser = parsers.create();
            return (buffer, in) -> parse(parser, buffer, in);
        }

        private static @Nullable ClassicHttpResponse parse(HttpMessageParser<ClassicHttpResponse> parser,
                SessionInputBuffer buffer, InputStream in) throws IOException, HttpException {
            ClassicHttpResponse answer = parser.parse(buffer, in);
            if (answer instanceof Answer checked) {
                checked.tail = () -> buffer.length() > 0 || in.available() > 0;
            }
            return answer;
        }
    }

    private static final class Answers implements HttpResponseFactory<ClassicHttpResponse> {
        @Override
        public ClassicHttpResponse newHttpResponse(int status, String reason) {
            return new Answer(status, reason);
        }

        @Override
        public ClassicHttpResponse newHttpResponse(int status) {
            return new Answer(status, "");
        }
    }

    /** Whether bytes have come that nobody took. */
    private interface Tail {
        boolean isThere() throws IOException;
    }

    /** Not threadsafe. */
    private static final class Answer extends BasicClassicHttpResponse {
        @Serial
        private static final long serialVersionUID = 1L;

        private transient Tail tail = () -> false;
        private boolean hasBody;

        private Answer(int status, String reason) {
            super(status, reason);
        }

        /** The first is the connection's own; the client puts others around it. */
        @Override
        public void setEntity(@Nullable HttpEntity entity) {
            super.setEntity(entity == null || hasBody ? entity : new Body(entity, tail));
            hasBody = true;
        }
    }

    private static final class Body extends HttpEntityWrapper {
        private final Tail tail;
        private @Nullable InputStream content;

        private Body(HttpEntity entity, Tail tail) {
            super(entity);
            this.tail = tail;
        }

        @Override
        public InputStream getContent() throws IOException {
            InputStream open = content == null ? new Checked(super.getContent(), tail) : content;
            content = open;
            return open;
        }
    }

    private static final class Checked extends FilterInputStream {
        private final Tail tail;

        private Checked(InputStream body, Tail tail) {
            super(body);
            this.tail = tail;
        }

        @Override
        public int read() throws IOException {
            return checked(super.read());
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return checked(super.read(target, offset, length));
        }

        private int checked(int read) throws IOException {
            if (read < 0 && tail.isThere()) {
                throw new LongBodyException();
            }
            return read;
        }
    }
}
