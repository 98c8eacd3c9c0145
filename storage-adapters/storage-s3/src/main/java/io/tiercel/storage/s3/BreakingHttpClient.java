package io.tiercel.storage.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * A client whose bodies of objects end with their connection when they are closed early, whoever closes them: the one below
 * reads to the end first, and so does the SDK by it for a thread that was interrupted. Threadsafe.
 */
final class BreakingHttpClient implements SdkHttpClient {
    private final SdkHttpClient client;

    private BreakingHttpClient(SdkHttpClient client) {
        this.client = client;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest prepared = client.prepareRequest(request);
        return isOfAnObject(request.httpRequest()) ? new Breaking(prepared) : prepared;
    }

    /** A listing is a GET as well, and short: its connection is worth keeping. */
    private static boolean isOfAnObject(SdkHttpRequest request) {
        return request.method() == SdkHttpMethod.GET && request.firstMatchingRawQueryParameter("list-type").isEmpty();
    }

    @Override
    public String clientName() {
        return client.clientName();
    }

    @Override
    public void close() {
        client.close();
    }

    /** Builds one with the client that another builder builds. */
    record Builder(SdkHttpClient.Builder<?> client) implements SdkHttpClient.Builder<Builder> {
        @Override
        public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
            return new BreakingHttpClient(client.buildWithDefaults(defaults));
        }
    }

    /** One request. */
    private record Breaking(ExecutableHttpRequest request) implements ExecutableHttpRequest {
        @Override
        public HttpExecuteResponse call() throws IOException {
            HttpExecuteResponse answer = request.call();
            if (!answer.httpResponse().isSuccessful() || answer.responseBody().isEmpty()) {
                return answer;
            }
            AbortableInputStream body = answer.responseBody().get();
            return HttpExecuteResponse.builder().response(answer.httpResponse())
                    .responseBody(AbortableInputStream.create(new Body(body), body)).build();
        }

        @Override
        public void abort() {
            request.abort();
        }
    }

    /** Not threadsafe. */
    private static final class Body extends FilterInputStream {
        private final AbortableInputStream body;
        private boolean ended;

        private Body(AbortableInputStream body) {
            super(body);
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            int next = body.read();
            ended |= next < 0;
            return next;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = body.read(target, offset, length);
            ended |= count < 0;
            return count;
        }

        @Override
        public void close() throws IOException {
            if (ended) {
                body.close();
            } else {
                body.abort();
            }
        }
    }
}
