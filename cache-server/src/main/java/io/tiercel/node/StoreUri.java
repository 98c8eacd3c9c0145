package io.tiercel.node;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Reads the URI of a store, and refuses one that holds a secret without repeating it: a URI ends in logs, in status and
 * in the process table. Stateless.
 */
final class StoreUri {
    /** Why a URI with a secret in it is refused. */
    static final String SECRET = "a store's URI must not hold a credential (it is not shown here):"
            + " leave it to the store's own credential chain, the environment or a ...File parameter";

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);
    private static final Pattern BARE = Pattern.compile("(cache|memory):/*");
    private static final Pattern PARTS = Pattern.compile("[?&;#]");
    private static final Pattern WEB = Pattern.compile("^https?:", Pattern.CASE_INSENSITIVE);
    private static final Pattern USER = Pattern.compile("//[^/?#\\s]*@");
    private static final Pattern SECRET_NAME = Pattern.compile("password|passwd|passphrase|secret|token|credential"
            + "|apikey|accesskey|accountkey|signature|^pwd$|^pass$|^sig$|^key$");

    /** What reading a text came to: either the URI, or why there is none. */
    record Result(URI uri, String defect) {}

    private static final URI NONE = URI.create("none:/");

    private StoreUri() {}

    /** Reads a URI; the defect, in words that follow {@code key=value}, is empty when it is one. */
    static Result read(String text) {
        if (mayHoldSecret(text)) {
            return refused(SECRET);
        }
        if (!SCHEME.matcher(text).matches()) {
            return refused("expected a URI such as file:///dir or cache:");
        }
        if (BARE.matcher(text).matches()) {
            return new Result(URI.create(text.substring(0, text.indexOf(':')) + ":/"), "");
        }
        if (text.endsWith(":")) {
            return refused("the URI ends after its scheme (in a file it needs quotes: // starts a comment there)");
        }
        return parsed(text);
    }

    private static Result parsed(String text) {
        try {
            URI uri = new URI(text);
            if (uri.getRawFragment() != null) {
                return refused("a policy after # belongs to the command line; here each has a key of its own");
            }
            return new Result(uri, "");
        } catch (URISyntaxException e) {
            return refused("no URI: " + e.getReason() + " at index " + e.getIndex());
        }
    }

    private static Result refused(String defect) {
        return new Result(NONE, defect);
    }

    /** The store as people write it. */
    static String text(URI store) {
        String text = store.toString();
        return BARE.matcher(text).matches() ? text.substring(0, text.length() - 1) : text;
    }

    /** The store as a failure tells it: its scheme alone when it may hold a secret. */
    static String withoutSecrets(URI store) {
        return mayHoldSecret(store.toString()) ? store.getScheme() + ":***" : text(store);
    }

    /** A text with no user in its URIs. */
    static String withoutUsers(String text) {
        return USER.matcher(text).replaceAll("//***@");
    }

    /**
     * Whether a text is better not shown: it has a password before an {@code @}, anything there where a web server is meant,
     * or a parameter named like a password.
     */
    static boolean mayHoldSecret(String text) {
        return hasPassword(text) || hasSecretParameter(text);
    }

    private static boolean hasPassword(String text) {
        int slashes = text.indexOf("//");
        int from = slashes >= 0 ? slashes + 2 : text.indexOf(':') + 1;
        int to = from;
        while (to < text.length() && "/?#".indexOf(text.charAt(to)) < 0) {
            to++;
        }
        int at = text.lastIndexOf('@');
        if (at < from) {
            return false;
        }
        // An IPv6 address in brackets has colons of its own.
        String authority = text.substring(from, to).replaceFirst("\\[[0-9A-Fa-f:.]*]", "host");
        int colon = authority.indexOf(':');
        int ownAt = authority.lastIndexOf('@');
        if (ownAt >= 0) {
            // A server of HTTP takes no user: what stands there is a token.
            return (colon >= 0 && colon < ownAt) || WEB.matcher(text).find();
        }
        // A password with a slash in it: what follows the colon is no port.
        boolean isPassword = colon >= 0 && !isPort(authority.substring(colon + 1));
        return isPassword || (slashes < 0 && text.startsWith("jdbc:"));
    }

    private static boolean isPort(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean hasSecretParameter(String text) {
        for (String part : PARTS.split(text, -1)) {
            int equals = part.indexOf('=');
            if (equals > 0 && isSecretName(part.substring(0, equals))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSecretName(String name) {
        String plain;
        try {
            plain = URLDecoder.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return true; // A malformed escape could hide anything.
        }
        if (plain.endsWith("File")) {
            return false; // It names a file that holds the secret.
        }
        String letters = plain.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
        return SECRET_NAME.matcher(letters).find();
    }
}
