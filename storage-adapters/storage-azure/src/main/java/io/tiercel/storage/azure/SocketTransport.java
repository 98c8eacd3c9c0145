package io.tiercel.storage.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeader;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import io.tiercel.storage.StorageException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.DetachedSocketFactory;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import reactor.core.publisher.Mono;

/**
 * Carries the SDK's requests over blocking sockets: each once, without redirects, its answer as it comes. An interrupt of the
 * calling thread closes the socket under it, so that no call outlasts one. Threadsafe.
 */
final class SocketTransport implements HttpClient, Closeable {
    /** Marks a request whose answer, if it is no refusal, is read from the connection, and closed by who asked. */
    static final String STREAMED = "tiercel.streamed";
    /** More than the loads that a node makes at a time; reads that are open hold one each. */
    private static final int MAX_CONNECTIONS = 256;
    /** Azure closes what was silent for minutes: what was silent for a second is looked at before it is used. */
    private static final TimeValue SILENCE = TimeValue.ofSeconds(1);
    private static final Set<String> OWN_HEADERS = Set.of("content-length", "host", "transfer-encoding");

    private final CloseableHttpClient client;

    SocketTransport(int timeoutMs, int connectTimeoutMs) {
        Timeout timeout = Timeout.ofMilliseconds(timeoutMs);
        ConnectionConfig connection = ConnectionConfig.custom()
                .setConnectTimeout(Timeout.ofMilliseconds(connectTimeoutMs)).setSocketTimeout(timeout)
                .setValidateAfterInactivity(SILENCE).build();
        RequestConfig request = RequestConfig.custom().setResponseTimeout(timeout)
                .setConnectionRequestTimeout(timeout).build();
        this.client = HttpClients.custom()
                .setConnectionManager(new Connections().setConnectionFactory(TailCheck.connections())
                        .setMaxConnTotal(MAX_CONNECTIONS)
                        .setMaxConnPerRoute(MAX_CONNECTIONS).setDefaultConnectionConfig(connection).build())
                .setDefaultRequestConfig(request).disableAutomaticRetries().disableRedirectHandling()
                .disableCookieManagement().disableAuthCaching().disableContentCompression().disableDefaultUserAgent()
                .build();
    }

    /** On the subscriber's thread, like any other call. */
    @Override
    public Mono<HttpResponse> send(HttpRequest request) {
        return Mono.fromCallable(() -> sendSync(request, Context.NONE));
    }

    @Override
    public Mono<HttpResponse> send(HttpRequest request, Context context) {
        return Mono.fromCallable(() -> sendSync(request, context));
    }

    /** @throws UncheckedIOException when the request could not be sent, or no answer came. */
    @Override
    public HttpResponse sendSync(HttpRequest request, Context context) {
        if (Thread.currentThread().isInterrupted()) {
            throw StorageException.of(StorageException.Kind.UNAVAILABLE).because("the thread was interrupted").build();
        }
        URL url = request.getUrl();
        try {
            HttpUriRequestBase sent = requestOf(request, url);
            ClassicHttpResponse answer = client
                    .executeOpen(new HttpHost(url.getProtocol(), url.getHost(), url.getPort()), sent, null);
            return context.getData(STREAMED).isPresent() && answer.getCode() < 300
                    ? new SocketResponse(request, answer, sent::abort)
                    : SocketResponse.read(request, answer, sent::abort);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpUriRequestBase requestOf(HttpRequest request, URL url) {
        HttpUriRequestBase out = new HttpUriRequestBase(request.getHttpMethod().toString(),
                URI.create(url.toString()));
        for (HttpHeader header : request.getHeaders()) {
            if (!OWN_HEADERS.contains(header.getName().toLowerCase(Locale.ROOT))) {
                header.getValuesList().forEach(value -> out.addHeader(header.getName(), value));
            }
        }
        BinaryData body = request.getBodyAsBinaryData();
        if (body != null) {
            out.setEntity(new BufferEntity(body.toByteBuffer()));
        } else if (request.getHttpMethod().toString().equals("PUT")) {
            out.setEntity(new BufferEntity(ByteBuffer.allocate(0)));
        }
        return out;
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }

    /** Sockets of channels: those alone end a blocked call at an interrupt. */
    private static final class Connections extends PoolingHttpClientConnectionManagerBuilder {
        @Override
        protected HttpClientConnectionOperator createConnectionOperator(SchemePortResolver ports, DnsResolver names,
                TlsSocketStrategy tls) {
            return new DefaultHttpClientConnectionOperator(new Channels(), ports, names,
                    RegistryBuilder.<TlsSocketStrategy>create().register(URIScheme.HTTPS.id, tls).build());
        }
    }

    /** Makes the sockets. */
    private static final class Channels implements DetachedSocketFactory {
        @Override
        public Socket create(Proxy proxy) throws IOException {
            return SocketChannel.open().socket();
        }
    }
}
