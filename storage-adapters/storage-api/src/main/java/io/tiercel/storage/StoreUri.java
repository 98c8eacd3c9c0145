package io.tiercel.storage;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The URI of a store with its parameters, each decoded once. A parameter that is unknown, given twice or malformed is an
 * {@link IllegalArgumentException} that names it, so that a typo does not pass. Immutable and threadsafe.
 */
public final class StoreUri {
    private final URI uri;
    private final Map<String, String> parameters;

    private StoreUri(URI uri, Map<String, String> parameters) {
        this.uri = uri;
        this.parameters = parameters;
    }

    /** Takes a URI apart; it may have the parameters named and no fragment. */
    public static StoreUri of(URI uri, Set<String> known) {
        if (uri.getRawFragment() != null) {
            throw new IllegalArgumentException("store=" + uri + " takes no fragment (a '#' in a name is %23)");
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        String query = queryOf(uri);
        for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException("store=" + uri + " has '" + pair + "' for a parameter NAME=VALUE");
            }
            String name = pair.substring(0, equals);
            if (!known.contains(name)) {
                throw new IllegalArgumentException("store=" + uri + " takes no parameter '" + name + "'"
                        + (known.isEmpty() ? "" : ", there are " + known.stream().sorted().toList()));
            }
            String value = URLDecoder.decode(pair.substring(equals + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
            if (parameters.put(name, value) != null) {
                throw new IllegalArgumentException("store=" + uri + " has the parameter '" + name + "' twice");
            }
        }
        return new StoreUri(uri, parameters);
    }

    /** As it was given; it holds no secret. */
    @Override
    public String toString() {
        return uri.toString();
    }

    /** Host, bucket or container, as the scheme has it. */
    public @Nullable String host() {
        // A bucket with an underscore is no host to java.net.URI, but an authority.
        String authority = uri.getRawAuthority();
        if (uri.getHost() != null || authority == null) {
            return uri.getHost();
        }
        String behindUser = authority.substring(authority.lastIndexOf('@') + 1);
        return behindUser.replaceFirst(":[0-9]*$", "");
    }

    /** -1 without one. */
    public int port() {
        return uri.getPort();
    }

    public @Nullable String user() {
        return uri.getUserInfo();
    }

    /**
     * The decoded path.
     *
     * @throws StorageException with INVALID_PATH when it is none.
     */
    public StorePath path() {
        String path = uri.getPath();
        return path == null ? StorePath.ROOT : StorePath.of(path);
    }

    public @Nullable String parameter(String name) {
        return parameters.get(name);
    }

    public String parameter(String name, String absent) {
        return parameters.getOrDefault(name, absent);
    }

    /** {@code true} or {@code false}. */
    public boolean flag(String name, boolean absent) {
        String value = parameters.get(name);
        if (value == null) {
            return absent;
        }
        if (!value.equals("true") && !value.equals("false")) {
            throw new IllegalArgumentException(
                    "store=" + uri + " has " + name + "=" + value + ", which is neither true nor false");
        }
        return value.equals("true");
    }

    /** A whole number within bounds, both inclusive. */
    public long number(String name, long absent, long least, long most) {
        String value = parameters.get(name);
        if (value == null) {
            return absent;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Says the same below.
        }
        throw new IllegalArgumentException("store=" + uri + " has " + name + "=" + value
                + ", which is no whole number from " + least + " to " + most);
    }

    /** One of the words of an enum, in lower case. */
    public <E extends Enum<E>> E word(String name, E absent) {
        String value = parameters.get(name);
        if (value == null) {
            return absent;
        }
        for (E word : absent.getDeclaringClass().getEnumConstants()) {
            if (word.name().toLowerCase(Locale.ROOT).equals(value)) {
                return word;
            }
        }
        throw new IllegalArgumentException("store=" + uri + " has an unknown " + name + "=" + value);
    }

    private static String queryOf(URI uri) {
        String query = uri.isOpaque() ? queryOfOpaque(uri.getRawSchemeSpecificPart()) : uri.getRawQuery();
        return query == null ? "" : query;
    }

    private static @Nullable String queryOfOpaque(String text) {
        int mark = text.indexOf('?');
        return mark < 0 ? null : text.substring(mark + 1);
    }
}
