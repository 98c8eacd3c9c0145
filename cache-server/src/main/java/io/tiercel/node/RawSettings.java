package io.tiercel.node;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the sources gave, the later source over the earlier one, setting by setting; and everything that was wrong with
 * it, so that all of it can be told at once. Not threadsafe.
 */
final class RawSettings {
    /** The origin of what no source gave. */
    static final String DEFAULT = "default";

    private final Map<SettingPath, RawSetting> byPath = new LinkedHashMap<>();
    private final List<String> defects = new ArrayList<>();

    /** Takes a value, over one of the same setting from an earlier source. */
    void put(RawSetting raw) {
        byPath.put(raw.path(), raw);
    }

    @Nullable
    RawSetting find(SettingPath path) {
        return byPath.get(path);
    }

    /** Where a setting came from. */
    String originOf(SettingPath path) {
        RawSetting raw = byPath.get(path);
        return raw == null ? DEFAULT : raw.origin();
    }

    /** Prefixes of the mounts that have a setting so far, in order. */
    Set<String> prefixes() {
        Set<String> prefixes = new TreeSet<>();
        byPath.keySet().stream().filter(path -> path.setting().isOfMount()).forEach(path -> prefixes.add(path
                .prefix()));
        return prefixes;
    }

    /** Notes that something is wrong; the text must bear no value of an unknown key. */
    void refuse(String origin, String text) {
        defects.add(origin + ": " + text);
    }

    /** Notes that the value of a known setting is wrong; one that may hold a secret is not repeated. */
    void refuse(RawSetting raw, String expected) {
        String value = StoreUri.mayHoldSecret(raw.text()) ? "***" : raw.text();
        refuse(raw.origin(), raw.path() + "=" + value + ": " + expected);
    }

    List<String> defects() {
        return defects;
    }
}
