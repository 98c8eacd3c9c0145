package io.tiercel.node;

/**
 * Reads a mount from the command line: {@code lake=file:///dir#ttl=10m&readOnly=true}, its policy after the URI.
 * Stateless.
 */
final class MountOption {
    private MountOption() {}

    static void read(String text, String origin, RawSettings into) {
        int equals = text.indexOf('=');
        int colon = text.indexOf(':');
        if (equals < 0 || (colon >= 0 && colon < equals)) {
            into.refuse(origin, "expected PREFIX=URI, for example lake=file:///dir (an empty PREFIX is the root)");
            return;
        }
        String prefix = MountKeys.tryPrefix(text.substring(0, equals), origin, into);
        if (prefix == null) {
            return;
        }
        String target = text.substring(equals + 1);
        if (StoreUri.mayHoldSecret(target)) {
            into.refuse(origin, SettingPath.of(Setting.MOUNT_STORE, prefix) + ": " + StoreUri.SECRET);
            return;
        }
        int hash = target.indexOf('#');
        put(prefix, Setting.MOUNT_STORE, hash < 0 ? target : target.substring(0, hash), origin, into);
        if (hash >= 0) {
            readPolicy(prefix, target.substring(hash + 1), origin, into);
        }
    }

    private static void readPolicy(String prefix, String policy, String origin, RawSettings into) {
        for (String part : policy.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            Setting setting = MountKeys.tryOf(name);
            if (setting == null || setting == Setting.MOUNT_STORE) {
                into.refuse(origin, MountKeys.unknown(prefix, name));
            } else if (equals < 0) {
                into.refuse(origin, SettingPath.of(setting, prefix) + ": expected " + name + "=VALUE");
            } else {
                put(prefix, setting, part.substring(equals + 1), origin, into);
            }
        }
    }

    private static void put(String prefix, Setting setting, String text, String origin, RawSettings into) {
        SettingPath path = SettingPath.of(setting, prefix);
        RawSetting earlier = into.find(path);
        if (earlier != null && earlier.origin().equals(origin)) {
            into.refuse(origin, path + ": given twice");
        }
        into.put(new RawSetting(path, text, origin));
    }
}
