package io.tiercel.node;

import io.tiercel.Key;
import io.tiercel.TiercelException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The names of a mount's settings and the spelling of its prefix, as all sources share them. Stateless. */
final class MountKeys {
    /** What a setting could be called; anything else may be half of a URI with a secret in it. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");
    private static final List<Setting> SETTINGS = Setting.ofMount();
    private static final List<String> NAMES = SETTINGS.stream().map(Setting::mountName).toList();

    private MountKeys() {}

    /** The setting of a last part such as {@code ttl}, or null. */
    static @Nullable Setting tryOf(String name) {
        int index = NAMES.indexOf(name);
        return index < 0 ? null : SETTINGS.get(index);
    }

    /** Whether settings stand under a name, as {@code retry.base} under {@code retry}. */
    static boolean isGroup(String name) {
        return NAMES.stream().anyMatch(other -> other.startsWith(name + '.'));
    }

    /** What to say of a last part that is no setting. */
    static String unknown(String prefix, String name) {
        boolean isName = NAME.matcher(name).matches();
        return "mounts." + SettingPath.quoted(prefix) + "." + (isName ? name : "(not shown)") + ": unknown setting"
                + (isName ? Suggestion.of(name, NAMES) : "");
    }

    /** The normal form of a prefix, empty for the root; an illegal one is refused, and null. */
    static @Nullable String tryPrefix(String spelled, String origin, RawSettings into) {
        if (spelled.isEmpty() || spelled.equals("/")) {
            return "";
        }
        try {
            return Key.of(spelled).toString();
        } catch (TiercelException e) {
            into.refuse(origin, "the prefix of a mount is a key: " + e.getMessage());
            return null;
        }
    }
}
