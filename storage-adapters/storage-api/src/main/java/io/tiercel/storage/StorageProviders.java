package io.tiercel.storage;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The providers on the class path, by scheme, and the clients that their stores share. Threadsafe.
 *
 * <p>Closed after the stores that were opened here; what a store still uses then is closed with it.
 */
public final class StorageProviders implements AutoCloseable {
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*");
    private static final Pattern SECRET = Pattern
            .compile("(?i)(^|[?&;])([^=&;]*(password|passwd|passphrase|pwd|secret|token|credential|signature|api.?key"
                    + "|access.?key|account.?key)[^=&;]*(?<!File)|sig|key)=");

    private final Supplier<List<StorageProvider>> source;
    private final SharedClients clients;
    /** Guarded by this; null before anybody asked. */
    private @Nullable Map<String, StorageProvider> byScheme;

    private StorageProviders(Supplier<List<StorageProvider>> source, SharedClients clients) {
        this.source = source;
        this.clients = clients;
    }

    /**
     * Those that {@link ServiceLoader} finds, which looks into every jar: so it does at the first question, and a node
     * without stores has none. That question fails with an IllegalStateException when two claim one scheme.
     *
     * @param maxClients clients of backends that are kept open while nobody uses them.
     */
    public static StorageProviders load(int maxClients) {
        return new StorageProviders(
                () -> ServiceLoader.load(StorageProvider.class, StorageProviders.class.getClassLoader()).stream()
                        .map(ServiceLoader.Provider::get).toList(), new SharedClients(maxClients));
    }

    /** Those that {@link ServiceLoader} finds, with the usual number of clients. */
    public static StorageProviders load() {
        return load(SharedClients.DEFAULT_LIMIT);
    }

    static StorageProviders of(SharedClients clients, List<StorageProvider> providers) {
        StorageProviders made = new StorageProviders(() -> providers, clients);
        made.byScheme();
        return made;
    }

    private synchronized Map<String, StorageProvider> byScheme() {
        if (byScheme == null) {
            byScheme = index(source.get());
        }
        return byScheme;
    }

    private static Map<String, StorageProvider> index(List<StorageProvider> providers) {
        Map<String, StorageProvider> byScheme = new TreeMap<>();
        for (StorageProvider provider : providers) {
            for (String scheme : provider.schemes()) {
                StorageProvider other = byScheme.put(scheme, provider);
                if (other != null) {
                    throw new IllegalStateException("two providers claim scheme=" + scheme + ": "
                            + other.getClass().getName() + " and " + provider.getClass().getName());
                }
            }
        }
        return byScheme;
    }

    /** The schemes there are, in order. */
    public Set<String> schemes() {
        return Collections.unmodifiableSet(byScheme().keySet());
    }

    /**
     * Opens the store of a URI as people write it ({@code memory:} is one, too).
     *
     * @throws IllegalArgumentException when it is no URI, holds a secret, or no provider knows the scheme; the message
     *     does not repeat a secret.
     * @throws StorageException when the store is not there or refuses us.
     */
    public StorageAdapter open(String uri) {
        String scheme = schemeOf(uri);
        refuseSecrets(uri);
        StorageProvider provider = byScheme().get(scheme);
        if (provider == null) {
            throw new IllegalArgumentException(
                    "no store for scheme '" + scheme + ":', there are " + byScheme().keySet()
                            + " (is its jar missing?)");
        }
        return provider.open(parse(uri), clients);
    }

    /** Closes the clients that no store uses any more, as after a change of the mounts. */
    public void closeIdleClients() {
        clients.closeIdle();
    }

    @Override
    public void close() {
        clients.close();
    }

    private static String schemeOf(String uri) {
        int colon = uri.indexOf(':');
        if (colon < 0 || !SCHEME.matcher(uri.substring(0, colon)).matches()) {
            throw new IllegalArgumentException("a store is a URI such as file:///dir: it has no scheme");
        }
        return uri.substring(0, colon).toLowerCase(Locale.ROOT);
    }

    private static void refuseSecrets(String uri) {
        int authority = uri.indexOf("//");
        if (authority >= 0) {
            int end = indexOfAny(uri, authority + 2);
            String userInfo = uri.substring(authority + 2, Math.max(authority + 2, uri.lastIndexOf('@', end)));
            if (userInfo.indexOf(':') >= 0) {
                throw new IllegalArgumentException("a store's URI must not hold a password: " + schemeOf(uri)
                        + "://***; give it through the environment or a ...File setting");
            }
        }
        int query = uri.indexOf('?');
        if (query >= 0 && SECRET.matcher(uri.substring(query)).find()) {
            throw new IllegalArgumentException("a store's URI must not hold a secret: " + schemeOf(uri)
                    + ":...?***; give it through the environment or a ...File setting");
        }
    }

    private static int indexOfAny(String uri, int from) {
        int at = from;
        while (at < uri.length() && "/?#".indexOf(uri.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    private static URI parse(String uri) {
        try {
            // java.net.URI takes no bare scheme; a path is not meant either.
            return new URI(uri.endsWith(":") ? uri + "." : uri);
        } catch (URISyntaxException e) {
            // Without its cause, whose message repeats the URI.
            throw new IllegalArgumentException(
                    "the store's URI is malformed at index " + e.getIndex() + ": " + e.getReason());
        }
    }
}
