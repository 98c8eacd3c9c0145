package io.tiercel.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of a HOCON file. {@code ${VAR}} is a variable of the environment that must exist, {@code ${?VAR}}
 * one that may, or another key of the file. Every value carries its file and line. Not threadsafe.
 */
final class FileSource {
    private static final String MOUNTS = "mounts";
    private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{(\\??)([^}]*)}");
    /** Words of the file in a parser's message. */
    private static final Pattern QUOTED = Pattern.compile("'[^']{4,}'|\"[^\"]{4,}\"");

    private final Path file;
    private final RawSettings into;
    private final Map<String, Setting> settings = new HashMap<>();
    private final Set<String> sections = new TreeSet<>();

    private FileSource(Path file, RawSettings into) {
        this.file = file;
        this.into = into;
        for (Setting setting : Setting.ofNode()) {
            settings.put(setting.key(), setting);
            sections.add(setting.key().substring(0, setting.key().indexOf('.')));
        }
    }

    /** Reads a file into the settings; the names that it substitutes come back. */
    static Set<String> read(Path file, Map<String, String> environment, RawSettings into) {
        return new FileSource(file, into).read(environment);
    }

    private Set<String> read(Map<String, String> environment) {
        Set<String> substituted = new TreeSet<>();
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            into.refuse(file.toString(), "no readable file");
            return substituted;
        }
        try {
            Config parsed = ConfigFactory.parseFile(file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false)
                    .setSyntax(ConfigSyntax.CONF).setIncluder(new FilesOnlyIncluder()));
            Config resolved = parsed.withFallback(ConfigValueFactory.fromMap(environment, "environment"))
                    .resolve(ConfigResolveOptions.noSystem().setAllowUnresolved(true));
            Matcher matcher = SUBSTITUTION.matcher(parsed.root().render(ConfigRenderOptions.concise()));
            while (matcher.find()) {
                substituted.add(matcher.group(2));
            }
            readRoot(parsed.root(), resolved.root());
        } catch (ConfigException e) {
            into.refuse(place(e.origin()), unquoted(e));
        }
        return substituted;
    }

    private void readRoot(ConfigObject written, ConfigObject resolved) {
        for (String name : new TreeSet<>(written.keySet())) {
            // An optional substitution of nothing leaves nothing, as if the line were not there.
            ConfigValue value = resolved.get(name);
            if (value != null && isResolved(SettingPath.quoted(name), value)) {
                readSection(name, value, childOf(written, name));
            }
        }
    }

    private void readSection(String name, ConfigValue value, @Nullable ConfigValue written) {
        boolean isMounts = name.equals(MOUNTS);
        if (!isMounts && !sections.contains(name)) {
            into.refuse(place(value, written), SettingPath.quoted(name) + ": unknown setting"
                    + Suggestion.of(name, sections));
        } else if (!(value instanceof ConfigObject section)) {
            into.refuse(place(value, written), name + ": expected an object of settings");
        } else {
            for (String child : new TreeSet<>(section.keySet())) {
                ConfigValue childWritten = childOf(written, child);
                if (isMounts) {
                    readMount(child, childValue(section, child), childWritten);
                } else {
                    readNode(name, child, childValue(section, child), childWritten);
                }
            }
        }
    }

    private void readNode(String section, String name, ConfigValue value, @Nullable ConfigValue written) {
        String key = section + "." + name;
        Setting setting = settings.get(key);
        if (setting == null) {
            into.refuse(place(value, written), section + "." + SettingPath.quoted(name) + ": unknown setting"
                    + Suggestion.of(key, settings.keySet()));
        } else {
            readValue(SettingPath.of(setting), value, written);
        }
    }

    private void readMount(String spelled, ConfigValue value, @Nullable ConfigValue written) {
        String path = "mounts." + SettingPath.quoted(spelled);
        String prefix = MountKeys.tryPrefix(spelled, place(value, written), into);
        if (prefix == null || !isResolved(path, value)) {
            return;
        }
        if (!(value instanceof ConfigObject mount)) {
            into.refuse(place(value, written), path + ": expected an object of settings, at least store");
            return;
        }
        readPolicy(prefix, "", mount, written);
    }

    /** Reads a mount's settings, or a group of them; {@code group} is empty, or ends in a dot. */
    private void readPolicy(String prefix, String group, ConfigObject section, @Nullable ConfigValue written) {
        for (String child : new TreeSet<>(section.keySet())) {
            String name = group + child;
            Setting setting = MountKeys.tryOf(name);
            ConfigValue value = childValue(section, child);
            ConfigValue childWritten = childOf(written, child);
            if (setting != null) {
                readValue(SettingPath.of(setting, prefix), value, childWritten);
            } else if (MountKeys.isGroup(name) && isResolved(name, value) && value instanceof ConfigObject inner) {
                readPolicy(prefix, name + '.', inner, childWritten);
            } else {
                into.refuse(place(value, childWritten), MountKeys.unknown(prefix, name));
            }
        }
    }

    private void readValue(SettingPath path, ConfigValue value, @Nullable ConfigValue written) {
        if (!isResolved(path.toString(), value)) {
            return;
        }
        String origin = place(value, written);
        ConfigValueType type = value.valueType();
        if (type == ConfigValueType.OBJECT || type == ConfigValueType.LIST || type == ConfigValueType.NULL) {
            into.refuse(origin, path + ": expected one value; leave the line out for the default");
            return;
        }
        if (into.find(path) != null) {
            into.refuse(origin, path + ": two spellings of this prefix set it");
        }
        into.put(new RawSetting(path, String.valueOf(value.unwrapped()), origin));
    }

    /** Whether all substitutions of a value were found; those that were not are refused. */
    private boolean isResolved(String path, ConfigValue value) {
        try {
            value.valueType();
            return true;
        } catch (ConfigException.NotResolved e) {
            Matcher missing = SUBSTITUTION.matcher(value.render(ConfigRenderOptions.concise()));
            Set<String> names = new TreeSet<>();
            while (missing.find()) {
                if (missing.group(1).isEmpty()) {
                    names.add("${" + missing.group(2) + "}");
                }
            }
            into.refuse(place(value.origin()), path + ": " + String.join(", ", names)
                    + " is not in the environment; set it, or write ${?...} where it may be missing");
            return false;
        }
    }

    private static ConfigValue childValue(ConfigObject object, String name) {
        return Objects.requireNonNull(object.get(name));
    }

    /** A part of the file as it was written, or null where substitutions make parts hard to tell. */
    private static @Nullable ConfigValue childOf(@Nullable ConfigValue written, String name) {
        try {
            return written instanceof ConfigObject object ? object.get(name) : null;
        } catch (ConfigException.NotResolved e) {
            return null; // Then the place of the resolved value serves.
        }
    }

    /** Where a value was written, which for a substituted one is not where it came from. */
    private String place(ConfigValue value, @Nullable ConfigValue written) {
        return place(written == null ? value.origin() : written.origin());
    }

    private String place(@Nullable ConfigOrigin origin) {
        if (origin == null || origin.filename() == null || origin.lineNumber() < 1) {
            return file.toString();
        }
        return (origin.filename().equals(file.toFile().getPath()) ? file.toString() : origin.filename()) + ":"
                + origin.lineNumber();
    }

    /** A parser's message without the words of the file, which may be a secret's, and without its place. */
    private static String unquoted(ConfigException e) {
        String message = String.valueOf(e.getMessage());
        ConfigOrigin origin = e.origin();
        if (origin != null && message.startsWith(origin.description() + ": ")) {
            message = message.substring(origin.description().length() + 2);
        }
        int advice = message.indexOf(" (if you intended");
        String fact = advice < 0 ? message : message.substring(0, advice);
        return QUOTED.matcher(fact.lines().findFirst().orElse("")).replaceAll("'...'");
    }
}
