package io.tiercel.storage.jdbc;

import io.tiercel.storage.Secret;
import io.tiercel.storage.StoreUri;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The URI of a table of blobs, read: {@code jdbc:postgresql://HOST[:PORT]/DATABASE?table=[SCHEMA.]TABLE},
 * {@code jdbc:h2:file:/PATH?table=TABLE} or {@code jdbc:h2:mem:NAME?table=TABLE}. Immutable and threadsafe.
 *
 * @param name of the store: engine, place and table, and no other parameter.
 * @param table quoted as SQL wants it, but for the quotes round its parts: they are lower case letters, digits and
 *     {@code _}.
 */
record JdbcUri(String name, String table, PoolConfiguration pool, Keeping keeping) {
    /** Names of tables are made of it by an ending, and PostgreSQL cuts names at 63 bytes in silence. */
    private static final Pattern TABLE = Pattern.compile("([a-z_][a-z0-9_]{0,47}\\.)?[a-z_][a-z0-9_]{0,47}");
    private static final Pattern SECRET = Pattern
            .compile("(?i)[?&;][^=&;]*(password|passwd|pwd|secret|token|credential)[^=&;]*(?<!File)=");
    private static final Pattern MEMORY_NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    /** What H2 takes for the end of a path, or for the user's home. */
    private static final Pattern UNFIT_FOR_H2 = Pattern.compile("[;~\\p{Cntrl}]");

    private static final Set<String> OWN_PARAMETERS = Set.of("table", "user", "passwordFile", "connections",
            "timeoutMs",
            "keepReplacedMs");
    /** Those of the driver that say how the connection is protected, and no others: some run code or log. */
    private static final Set<String> POSTGRES_PARAMETERS = Set.of("ssl", "sslmode", "sslrootcert", "sslcert", "sslkey",
            "sslNegotiation", "channelBinding", "gssEncMode");

    /** As much as a node has permits for and a small server gives away; most calls hold one for a millisecond. */
    private static final int DEFAULT_CONNECTIONS = 8;
    private static final int MOST_CONNECTIONS = 256;
    /** What a node waits for a store, too. The least is a second, the driver's grain. */
    private static final int DEFAULT_TIMEOUT_MS = 10_000;
    private static final int LEAST_TIMEOUT_MS = 1_000;
    private static final int MOST_TIMEOUT_MS = (int) TimeUnit.HOURS.toMillis(1);

    /** @throws IllegalArgumentException when it is none of these, without repeating a secret. */
    static JdbcUri of(URI uri) {
        String text = uri.getRawSchemeSpecificPart();
        if (SECRET.matcher(text).find() || text.replaceFirst("\\?.*", "").indexOf('@') >= 0) {
            throw new IllegalArgumentException("a store's URI must not hold a user's name before '@' or a password: "
                    + "jdbc:...?***; give user=NAME, and the password through passwordFile or the environment");
        }
        if (text.startsWith("postgresql:")) {
            return ofPostgres(uri, text);
        }
        if (text.startsWith("h2:")) {
            return ofH2(uri, text.substring("h2:".length()));
        }
        throw new IllegalArgumentException("store=" + uri + " names no engine, as jdbc:postgresql: and jdbc:h2: do");
    }

    private static JdbcUri ofPostgres(URI uri, String text) {
        Set<String> known = new HashSet<>(OWN_PARAMETERS);
        known.addAll(POSTGRES_PARAMETERS);
        StoreUri parsed = StoreUri.of(uri, known);
        URI place = placeOf(uri, text);
        String path = place.getRawPath();
        if (place.getHost() == null || path == null || !path.matches("/[^/]+")) {
            throw new IllegalArgumentException(
                    "store=" + uri + " names no host and database, as jdbc:postgresql://host/db does");
        }
        Map<String, String> driverParameters = new TreeMap<>();
        for (String name : POSTGRES_PARAMETERS) {
            String value = parsed.parameter(name);
            if (value != null) {
                driverParameters.put(name, value);
            }
        }
        String port = place.getPort() < 0 ? "" : ":" + place.getPort();
        String url = "jdbc:postgresql://" + place.getHost() + port + path;
        Secret password = Secret.find(parsed, "passwordFile", "PGPASSWORD");
        return of(parsed, Engine.POSTGRESQL, url, password, driverParameters);
    }

    private static JdbcUri ofH2(URI uri, String text) {
        StoreUri parsed = StoreUri.of(uri, OWN_PARAMETERS);
        URI place = placeOf(uri, text);
        String url;
        if (text.startsWith("mem:")) {
            url = "jdbc:h2:mem:" + memoryName(uri, place.getSchemeSpecificPart());
        } else if (text.startsWith("file:")) {
            url = "jdbc:h2:file:" + filePath(uri, place.getPath());
        } else {
            throw new IllegalArgumentException(
                    "store=" + uri + " names no database, as jdbc:h2:file:/path and jdbc:h2:mem:name do");
        }
        return of(parsed, Engine.H2, url, Secret.find(parsed, "passwordFile", "H2_PASSWORD"), Map.of());
    }

    private static String memoryName(URI uri, String rest) {
        String name = rest.replaceFirst("\\?.*", "");
        if (!MEMORY_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("store=" + uri + " names no database, as jdbc:h2:mem:name does");
        }
        return name;
    }

    private static String filePath(URI uri, @Nullable String path) {
        if (path == null || !path.startsWith("/") || path.endsWith("/")) {
            throw new IllegalArgumentException(
                    "store=" + uri + " names no absolute path of a database, as jdbc:h2:file:/path does");
        }
        if (UNFIT_FOR_H2.matcher(path).find()) {
            throw new IllegalArgumentException("store=" + uri + " has ';', '~' or a control character in its path");
        }
        return path;
    }

    private static JdbcUri of(StoreUri parsed, Engine engine, String url, @Nullable Secret password,
            Map<String, String> driverParameters) {
        String table = parsed.parameter("table");
        if (table == null || !TABLE.matcher(table).matches()) {
            throw new IllegalArgumentException("store=" + parsed + " has table=" + table
                    + ", which is not [SCHEMA.]TABLE of lower case letters, digits and '_', at most 48 each");
        }
        int connections = (int) parsed.number("connections", DEFAULT_CONNECTIONS, 1, MOST_CONNECTIONS);
        int timeoutMs = (int) parsed.number("timeoutMs", DEFAULT_TIMEOUT_MS, LEAST_TIMEOUT_MS, MOST_TIMEOUT_MS);
        long keepMs = parsed.number("keepReplacedMs", Keeping.DEFAULT_REPLACED_MS, 0, TimeUnit.DAYS.toMillis(7));
        PoolConfiguration pool = new PoolConfiguration(engine, url, parsed.parameter("user"), password,
                driverParameters,
                connections, timeoutMs);
        return new JdbcUri(url + "?table=" + table, table, pool, Keeping.replacedFor(keepMs));
    }

    private static URI placeOf(URI whole, String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("store=" + whole + " is malformed: " + e.getReason());
        }
    }
}
