package io.tiercel.storage.http;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ClientConfiguration;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.StoreUri;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ReadableByteChannel;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a web server gives below a prefix, read only. Threadsafe.
 *
 * <p>A path is a folder when the server redirects from it to the same with a slash behind. Weak ETags are taken for none.
 * A body that the server encodes (gzip) is refused, and so is one whose end cannot be told from a cut connection.
 */
public final class HttpStorage implements StorageAdapter {
    private static final Set<Capability> CAPABILITIES = Set.of(Capability.READ, Capability.RANGE, Capability.METADATA,
            Capability.CONDITIONAL, Capability.LAZY_READ);
    private static final Set<String> PARAMETERS = Set.of("allowPrivate", "timeoutMs", "maxRedirects", "probe");
    /** A server that is silent for longer is taken for dead; a node has other things to do with the thread. */
    private static final int DEFAULT_TIMEOUT_MS = 30_000;
    private static final int DEFAULT_REDIRECTS = 5;

    private final String name;
    private final StorePath prefix;
    private final Target server;
    private final @Nullable StorePath probe;
    private final StorageGuard guard;
    private final HttpErrors errors;
    private final SharedClients.Lease<HttpConnections> lease;
    private final HttpClient client;
    private final Reader reader;
    private volatile boolean headRefused;

    private HttpStorage(Target server, StorePath prefix, @Nullable StorePath probe,
            SharedClients.Lease<HttpConnections> lease, int maxRedirects) {
        this.prefix = prefix;
        this.server = server;
        this.name = (server.isSecure() ? "https://" : "http://") + server.authority() + "/" + prefix;
        this.probe = probe;
        this.guard = new StorageGuard(name, CAPABILITIES);
        this.errors = new HttpErrors(name);
        this.lease = lease;
        this.client = new HttpClient(lease.client(), maxRedirects);
        this.reader = new Reader(guard, errors);
    }

    /** Opens a store without asking the server anything. */
    static HttpStorage open(URI uri, SharedClients clients) {
        return open(uri, clients, HttpConfiguration::new);
    }

    /** What makes a configuration of the parameters. */
    interface Configurator {
        ClientConfiguration<HttpConnections> of(int timeoutMs, boolean allowPrivate);
    }

    static HttpStorage open(URI uri, SharedClients clients, Configurator configurator) {
        StoreUri parsed = StoreUri.of(uri, PARAMETERS);
        Target server = HttpClient.target(uri);
        String rawPath = String.valueOf(uri.getRawPath()).toUpperCase(Locale.ROOT);
        if (rawPath.contains("%2F") || rawPath.contains("%5C")) {
            throw new IllegalArgumentException("store=" + uri + " has an encoded slash in its prefix");
        }
        int timeoutMs = (int) parsed.number("timeoutMs", DEFAULT_TIMEOUT_MS, 1, 3_600_000);
        int maxRedirects = (int) parsed.number("maxRedirects", DEFAULT_REDIRECTS, 0, 20);
        boolean allowPrivate = parsed.flag("allowPrivate", false);
        StorePath prefix = parsed.path();
        String probe = parsed.parameter("probe");
        StorePath probed = probe == null ? null : StorePath.of(probe);
        return new HttpStorage(server, prefix, probed, clients.acquire(configurator.of(timeoutMs, allowPrivate)),
                maxRedirects);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<Capability> capabilities() {
        return guard.capabilities();
    }

    @Override
    public ObjectRead open(StorePath path, ReadOptions options) {
        guard.enterRead(path, options);
        try {
            if (options.length() == 0) {
                return nothingOf(path, options);
            }
            HttpClient.Answer answer = client.ask("GET", target(path), Reader.conditions(options));
            try {
                if (answer.isFolder()) {
                    throw errors.of(Kind.INVALID_PATH, path, "it is a folder");
                }
                if (answer.head().status() == 416 && !options.isWhole()) {
                    answer.close();
                    return nothingOf(path, options);
                }
                return reader.read(path, options, answer);
            } catch (IOException | RuntimeException e) {
                answer.close();
                throw e;
            }
        } catch (IOException e) {
            throw errors.of(path, e);
        }
    }

    @Override
    public ObjectInfo info(StorePath path) {
        guard.enterFolder(path, Capability.METADATA);
        if (path.isRoot()) {
            return ObjectInfo.folder(path).build();
        }
        try {
            return look(path);
        } catch (IOException e) {
            throw errors.of(path, e);
        }
    }

    /** By HEAD, or by a GET of one byte where the server has no HEAD. */
    private ObjectInfo look(StorePath path) throws IOException {
        if (!headRefused) {
            try (HttpClient.Answer answer = client.ask("HEAD", target(path), "")) {
                int status = answer.head().status();
                if (status != 405 && status != 501 && status != 403) {
                    return reader.info(path, answer);
                }
            }
        }
        try (HttpClient.Answer answer = client.ask("GET", target(path), "Range: bytes=0-0\r\n")) {
            ObjectInfo info = reader.info(path, answer);
            // The object was given, so that it was HEAD that was refused.
            headRefused = true;
            return info;
        }
    }

    /** A read of no bytes: the range is empty, or lies behind the end. */
    private ObjectRead nothingOf(StorePath path, ReadOptions options) throws IOException {
        ObjectInfo info = look(path);
        if (info.isFolder()) {
            throw errors.of(Kind.INVALID_PATH, path, "it is a folder");
        }
        reader.requireMatch(path, options, info.etag());
        if (options.length() != 0 && (info.length() < 0 || info.length() > options.offset())) {
            throw errors.of(Kind.UNAVAILABLE, path, "the object changed, or the server gives no ranges of it");
        }
        long end = info.length() < 0 ? options.offset() : options.beginIn(info.length());
        return HttpRead.empty(guard, errors, info, end);
    }

    @Override
    public WriteResult write(StorePath path, ReadableByteChannel source, long length, WriteOptions options) {
        guard.enterWrite(path, length, options);
        throw readOnly();
    }

    @Override
    public void delete(StorePath path, boolean missingIsFine) {
        guard.enterFile(path, Capability.DELETE);
    }

    @Override
    public long deleteRecursively(StorePath path) {
        guard.enterRemoval(path);
        throw readOnly();
    }

    @Override
    public ListingCursor list(StorePath folder, ListOptions options) {
        guard.enterFolder(folder, Capability.LIST);
        throw readOnly();
    }

    @Override
    public WriteResult move(StorePath from, StorePath to, boolean overwrite) {
        guard.enterTransfer(from, to, Capability.MOVE);
        throw readOnly();
    }

    @Override
    public WriteResult copy(StorePath from, StorePath to, boolean overwrite) {
        guard.enterTransfer(from, to, Capability.COPY);
        throw readOnly();
    }

    /**
     * Looks at the probe, else at the prefix as a folder. Of a folder, 403 says only that it is not listed, and 405 that
     * there is no HEAD: the server is there.
     */
    @Override
    public void ping() {
        guard.requireOpen(StorePath.ROOT);
        Target target = probe == null ? target(StorePath.ROOT).asFolder() : target(probe);
        try (HttpClient.Answer answer = client.ask("HEAD", target, "")) {
            int status = answer.head().status();
            boolean unlisted = probe == null && status == 403;
            if (status >= 300 && !answer.isFolder() && !unlisted && status != 405 && status != 501) {
                throw errors.of(StorePath.ROOT, answer.head());
            }
        } catch (IOException e) {
            throw errors.of(StorePath.ROOT, e);
        }
    }

    @Override
    public void close() {
        if (guard.close()) {
            lease.close();
        }
    }

    private Target target(StorePath path) {
        return server.at(prefix.resolve(path));
    }

    private static IllegalStateException readOnly() {
        return new IllegalStateException("a web server is only read");
    }
}
