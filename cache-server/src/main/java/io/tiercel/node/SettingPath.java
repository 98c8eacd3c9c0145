package io.tiercel.node;

import java.util.regex.Pattern;

/**
 * One setting in full: of the node, or of the mount of a prefix. Immutable.
 *
 * @param prefix the mount's, perhaps empty for the root; empty for a setting of the node.
 */
record SettingPath(Setting setting, String prefix) {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]+");

    static SettingPath of(Setting setting) {
        return new SettingPath(setting, "");
    }

    static SettingPath of(Setting setting, String prefix) {
        return new SettingPath(setting, prefix);
    }

    /** {@code memory.heap}, {@code mounts.lake.ttl}, {@code mounts."a/b".ttl}: as a file spells it. */
    @Override
    public String toString() {
        if (!setting.isOfMount()) {
            return setting.key();
        }
        return "mounts." + quoted(prefix) + "." + setting.mountName();
    }

    static String quoted(String part) {
        return PLAIN.matcher(part).matches() ? part : '"' + part + '"';
    }
}
