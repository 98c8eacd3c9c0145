package io.tiercel.storage.azure;

import io.tiercel.storage.StorePath;
import io.tiercel.storage.StoreUri;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a store is: a container, the folder in it, and the client that leads there. Immutable and threadsafe.
 *
 * @param prefix the folder that is the store's root.
 * @param name what errors call the store, without a secret.
 */
record AzureLocation(String container, StorePath prefix, String name, AzureClientConfiguration client) {
    private static final Set<String> PARAMETERS = Set.of("endpoint", "account", "keyFile", "sasFile", "timeoutMs",
            "connectTimeoutMs");
    private static final Pattern CONTAINER = Pattern.compile("\\$root|\\$web|\\$logs|[a-z0-9](-?[a-z0-9]){2,62}");
    private static final Pattern ACCOUNT = Pattern.compile("[a-z0-9]{3,24}");
    private static final Pattern SIGNATURE = Pattern.compile("(?i)sig=|AccountKey=|(?<!File)key=");
    /** A healthy store begins to answer in tens of milliseconds; a node starts that much later for one that says nothing. */
    private static final int TIMEOUT_MS = 10_000;
    /** Two lost packets of a handshake are made good by then. */
    private static final int CONNECT_TIMEOUT_MS = 5_000;
    private static final int MOST_TIMEOUT_MS = 3_600_000;

    /** @throws IllegalArgumentException when the URI or the environment does not say where, without repeating a secret. */
    static AzureLocation of(URI uri, Map<String, String> environment) {
        String query = uri.getQuery();
        if (query != null && SIGNATURE.matcher(query).find()) {
            throw new IllegalArgumentException("a store's URI must not hold a secret: azblob:...?***; give it through"
                    + " the environment or keyFile, sasFile");
        }
        StoreUri store = StoreUri.of(uri, PARAMETERS);
        String container = store.host();
        if (container == null || !CONTAINER.matcher(container).matches() || store.port() >= 0
                || store.user() != null) {
            throw new IllegalArgumentException("store=" + uri
                    + " names no container, as azblob://container/prefix does");
        }
        ConnectionString connection = ConnectionString
                .of(environment.getOrDefault(ConnectionString.VARIABLE, ""));
        String account = accountOf(store, connection, environment);
        AzureClientConfiguration client = new AzureClientConfiguration(endpointOf(store, account, connection), account,
                AzureCredential.find(store, connection, environment),
                (int) store.number("timeoutMs", TIMEOUT_MS, 1, MOST_TIMEOUT_MS),
                (int) store.number("connectTimeoutMs", CONNECT_TIMEOUT_MS, 1, MOST_TIMEOUT_MS));
        return new AzureLocation(container, store.path(), uri.toString(), client);
    }

    private static String accountOf(StoreUri store, ConnectionString connection, Map<String, String> environment) {
        String given = store.parameter("account", "");
        String connected = connection.account();
        if (!given.isEmpty() && !connected.isEmpty() && !given.equals(connected)) {
            throw new IllegalArgumentException("store=" + store + " has account=" + given + ", but "
                    + ConnectionString.VARIABLE + " is that of account=" + connected);
        }
        String account = given.isEmpty() ? connected : given;
        if (account.isEmpty()) {
            account = environment.getOrDefault("AZURE_STORAGE_ACCOUNT", "");
        }
        if (!account.isEmpty() && !ACCOUNT.matcher(account).matches()) {
            throw new IllegalArgumentException("store=" + store + " has account=" + account
                    + ", which is not 3 to 24 small letters and digits");
        }
        return account;
    }

    private static String endpointOf(StoreUri store, String account, ConnectionString connection) {
        String endpoint = store.parameter("endpoint", connection.endpoint());
        if (endpoint.isEmpty() && account.isEmpty()) {
            throw new IllegalArgumentException("store=" + store + " has neither account nor endpoint");
        }
        String url = endpoint.isEmpty() ? "https://" + account + ".blob.core.windows.net" : endpoint;
        URI parsed = parse(url);
        boolean fits = parsed != null && ("https".equals(parsed.getScheme()) || "http".equals(parsed.getScheme()))
                && parsed.getHost() != null && parsed.getRawUserInfo() == null && parsed.getRawQuery() == null
                && parsed.getRawFragment() == null;
        if (!fits) {
            throw new IllegalArgumentException("the endpoint of the Azure account is no plain http: or https: URL");
        }
        return url.replaceFirst("/+$", "");
    }

    private static @Nullable URI parse(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
