package io.tiercel.storage.s3;

import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.StoreUri;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a URI {@code s3://bucket/prefix?...} says. Immutable and threadsafe.
 *
 * @param name the URI as it was given; it holds no secret.
 * @param prefix folder of the bucket that is the store's root.
 * @param conditionalWrites whether the endpoint takes conditions on writes.
 * @param client what its client is made of.
 */
record S3Location(String name, String bucket, StorePath prefix, boolean conditionalWrites,
        S3ClientConfiguration client) {
    /** Long enough for any network that works, short enough that three tries end before a load's deadline. */
    private static final long CONNECT_TIMEOUT_MS = 5_000;
    /** Between two bytes of an answer: a healthy store begins to answer within tens of milliseconds. */
    private static final long TIMEOUT_MS = 10_000;
    private static final long MOST_TIMEOUT_MS = 3_600_000;

    private static final Set<String> PARAMETERS = Set.of("endpoint", "region", "pathStyle", "profile", "anonymous",
            "conditionalWrites", "timeoutMs", "connectTimeoutMs");
    private static final Pattern REGION = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,254}");

    static S3Location of(URI uri) {
        refuseUser(uri);
        StoreUri store = StoreUri.of(uri, PARAMETERS);
        String bucket = store.host();
        if (bucket == null || !BUCKET.matcher(bucket).matches() || store.port() >= 0) {
            throw new IllegalArgumentException("store=" + uri + " names no bucket, as s3://bucket/prefix does");
        }
        URI endpoint = endpointOf(store);
        String region = store.parameter("region");
        if (region != null && !REGION.matcher(region).matches()) {
            throw new IllegalArgumentException("store=" + uri + " has region=" + region + ", which is none");
        }
        boolean anonymous = store.flag("anonymous", false);
        String profile = store.parameter("profile");
        if (anonymous && profile != null) {
            throw new IllegalArgumentException("store=" + uri + " is anonymous and has a profile: one of the two");
        }
        S3ClientConfiguration client = new S3ClientConfiguration(endpoint, region,
                store.flag("pathStyle", endpoint != null), profile, anonymous,
                store.number("timeoutMs", TIMEOUT_MS, 1, MOST_TIMEOUT_MS),
                store.number("connectTimeoutMs", CONNECT_TIMEOUT_MS, 1, MOST_TIMEOUT_MS));
        return new S3Location(store.toString(), bucket, prefixOf(store), store.flag("conditionalWrites", true), client);
    }

    /** Without repeating what may be a password. */
    private static void refuseUser(URI uri) {
        String authority = uri.getRawAuthority();
        if (authority != null && authority.indexOf('@') >= 0) {
            throw new IllegalArgumentException("a store s3://bucket takes no user: " + chain());
        }
        String query = uri.getQuery();
        if (query != null && query.matches(".*(^|&)endpoint=[^&]*@.*")) {
            throw new IllegalArgumentException("the endpoint of store s3://" + authority + " takes no user: "
                    + chain());
        }
    }

    private static String chain() {
        return "credentials come from the environment, a profile or the machine's role";
    }

    private static @Nullable URI endpointOf(StoreUri store) {
        String text = store.parameter("endpoint");
        if (text == null) {
            return null;
        }
        try {
            URI endpoint = new URI(text);
            boolean web = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
            if (web && endpoint.getHost() != null && endpoint.getRawQuery() == null
                    && endpoint.getRawFragment() == null) {
                return endpoint;
            }
        } catch (URISyntaxException e) {
            // Says the same below.
        }
        throw new IllegalArgumentException("store=" + store
                + " has an endpoint that is no URL such as https://host:9000");
    }

    private static StorePath prefixOf(StoreUri store) {
        try {
            return store.path();
        } catch (StorageException e) {
            throw new IllegalArgumentException("store=" + store + " has a prefix that is no path", e);
        }
    }
}
