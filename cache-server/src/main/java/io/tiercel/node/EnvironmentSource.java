package io.tiercel.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads the settings among the environment's variables. One that begins with {@code TIERCEL_} and is no setting is
 * refused, since a typo must not pass. Left alone are those that the launcher and the client commands take, those that
 * a file substitutes, and those that Kubernetes makes up for a service named {@code tiercel}.
 *
 * <p>A variable cannot spell a mount's prefix. So {@code TIERCEL_MOUNTS_LAKE_TTL} is of the configured mount whose
 * prefix reads LAKE in capitals (anything but letters and digits as {@code _}), else of a new one, {@code lake}; the
 * root's is {@code TIERCEL_MOUNTS__STORE}. Stateless.
 */
final class EnvironmentSource {
    private static final String PREFIX = "TIERCEL_";
    private static final String MOUNTS = "TIERCEL_MOUNTS_";
    private static final String MOUNT = "TIERCEL_MOUNT";
    private static final Set<String> OTHERS = Set.of("TIERCEL_CONFIG", "TIERCEL_LOG", "TIERCEL_JAVA_OPTS");
    private static final Pattern SERVICE = Pattern.compile("TIERCEL_(SERVICE_.*|PORT|PORT_.*)");

    private EnvironmentSource() {}

    /** Reads the variables into the settings, over what they hold; names in {@code substituted} mean something else. */
    static void read(Map<String, String> environment, Set<String> substituted, RawSettings into) {
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            String name = variable.getKey();
            if (!name.startsWith(PREFIX) || OTHERS.contains(name) || SERVICE.matcher(name).matches()) {
                continue;
            }
            String origin = "environment " + name;
            if (name.equals(MOUNT)) {
                for (String mount : variable.getValue().strip().split("\\s+", -1)) {
                    MountOption.read(mount, origin, into);
                }
            } else if (!readNode(name, variable.getValue(), origin, into)
                    && !readMount(name, variable.getValue(), origin, into) && !substituted.contains(name)) {
                into.refuse(origin, "unknown setting" + Suggestion.of(name, known()));
            }
        }
    }

    private static boolean readNode(String name, String text, String origin, RawSettings into) {
        for (Setting setting : Setting.ofNode()) {
            if (name.equals(setting.variable()) || name.equals(setting.shortVariable())) {
                SettingPath path = SettingPath.of(setting);
                RawSetting other = into.find(path);
                if (other != null && other.origin().startsWith("environment ") && !other.text().equals(text)) {
                    into.refuse(origin, path + ": differs from " + other.origin() + "; leave one of them out");
                }
                into.put(new RawSetting(path, text, origin));
                return true;
            }
        }
        return false;
    }

    private static boolean readMount(String name, String text, String origin, RawSettings into) {
        for (Setting setting : Setting.ofMount()) {
            String end = "_" + setting.mountName().replace('.', '_').toUpperCase(Locale.ROOT);
            if (name.startsWith(MOUNTS) && name.endsWith(end) && name.length() >= MOUNTS.length() + end.length()) {
                String spelled = name.substring(MOUNTS.length(), name.length() - end.length());
                List<String> prefixes = into.prefixes().stream().filter(prefix -> variable(prefix).equals(spelled))
                        .toList();
                if (prefixes.size() > 1) {
                    into.refuse(origin, "means more than one mount: " + prefixes);
                } else {
                    String prefix = prefixes.isEmpty() ? spelled.toLowerCase(Locale.ROOT) : prefixes.get(0);
                    into.put(new RawSetting(SettingPath.of(setting, prefix), text, origin));
                }
                return true;
            }
        }
        return false;
    }

    private static String variable(String prefix) {
        return prefix.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    private static List<String> known() {
        List<String> names = new ArrayList<>(OTHERS);
        names.add(MOUNT);
        for (Setting setting : Setting.ofNode()) {
            names.add(setting.variable());
            if (!setting.shortVariable().isEmpty()) {
                names.add(setting.shortVariable());
            }
        }
        return names;
    }
}
