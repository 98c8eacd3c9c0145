package io.tiercel.storage.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.rest.PagedResponse;
import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobServiceVersion;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.ListBlobsOptions;
import io.tiercel.storage.StorePath;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The requests to one container: each call is one, and its answer whatever came. Threadsafe. */
final class Container {
    /** What a page of Azure's holds at most. */
    static final int MAX_PAGE = 5000;

    private final AzureClient client;
    private final AzureErrors errors;
    private final BlobContainerClient listed;
    private final String url;

    Container(AzureClient client, AzureErrors errors, String name) {
        this.client = client;
        this.errors = errors;
        this.listed = client.container(name);
        this.url = client.endpoint() + "/" + name + "/";
    }

    String urlOf(String blob) {
        return url + BlobNames.escape(blob);
    }

    /** The answer with its body still to come; its caller closes it. */
    SocketResponse get(StorePath path, String blob, HttpHeaders conditions) {
        HttpRequest request = request(HttpMethod.GET, blob, "", conditions);
        return (SocketResponse) send(path, request, new Context(SocketTransport.STREAMED, true));
    }

    HttpResponse head(StorePath path, String blob, HttpHeaders conditions) {
        return send(path, request(HttpMethod.HEAD, blob, "", conditions), Context.NONE);
    }

    HttpResponse put(StorePath path, String blob, String query, HttpHeaders headers, @Nullable ByteBuffer body) {
        HttpRequest request = request(HttpMethod.PUT, blob, query, headers);
        if (body != null) {
            request.setBody(BinaryData.fromByteBuffer(body));
            request.setHeader(HttpHeaderName.CONTENT_LENGTH, Integer.toString(body.remaining()));
        }
        return send(path, request, Context.NONE);
    }

    HttpResponse delete(StorePath path, String blob, HttpHeaders conditions) {
        conditions.set(HttpHeaderName.fromString("x-ms-delete-snapshots"), "include");
        return send(path, request(HttpMethod.DELETE, blob, "", conditions), Context.NONE);
    }

    /**
     * One page of names that begin with a prefix.
     *
     * @param direct whether what lies in deeper folders is shown as its folder alone.
     * @param marker where the page before ended, null for the first.
     */
    PagedResponse<BlobItem> page(StorePath path, String prefix, boolean direct, int size, @Nullable String marker) {
        errors.requireUninterrupted(path);
        ListBlobsOptions options = new ListBlobsOptions().setMaxResultsPerPage(Math.min(size, MAX_PAGE))
                .setDetails(new BlobListDetails().setRetrieveMetadata(true));
        if (!prefix.isEmpty()) {
            options.setPrefix(prefix);
        }
        try {
            var pages = direct ? listed.listBlobsByHierarchy("/", options, null) : listed.listBlobs(options, null);
            return (marker == null ? pages.iterableByPage() : pages.iterableByPage(marker)).iterator().next();
        } catch (RuntimeException e) {
            throw errors.of(path, e);
        }
    }

    private HttpRequest request(HttpMethod method, String blob, String query, HttpHeaders headers) {
        HttpRequest request = new HttpRequest(method, urlOf(blob) + query);
        request.setHeaders(headers);
        // Without it the SDK signs the word "null".
        request.setHeader(HttpHeaderName.CONTENT_LENGTH, "0");
        request.setHeader(HttpHeaderName.fromString("x-ms-version"), BlobServiceVersion.getLatest().getVersion());
        return request;
    }

    private HttpResponse send(StorePath path, HttpRequest request, Context context) {
        errors.requireUninterrupted(path);
        try {
            return client.pipeline().sendSync(request, context);
        } catch (RuntimeException e) {
            throw errors.of(path, e);
        }
    }
}
