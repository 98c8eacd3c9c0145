package io.tiercel.node;

import io.tiercel.json.JsonWriter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a reload came to, by the prefixes of mounts in order. Immutable.
 *
 * @param replaced mounts that have another store now.
 * @param retuned mounts that have another policy, and their store still.
 * @param needRestart settings of another value than the node runs with, which it takes on at its next start.
 */
public record MountChanges(List<String> added, List<String> removed, List<String> replaced, List<String> retuned,
        List<String> needRestart) {

    static MountChanges between(Collection<MountSettings> before, Collection<MountSettings> after,
            List<String> needRestart) {
        Map<String, MountSettings> old = byPrefix(before);
        Map<String, MountSettings> now = byPrefix(after);
        TreeSet<String> added = new TreeSet<>(now.keySet());
        added.removeAll(old.keySet());
        TreeSet<String> removed = new TreeSet<>(old.keySet());
        removed.removeAll(now.keySet());
        TreeSet<String> both = new TreeSet<>(now.keySet());
        both.retainAll(old.keySet());
        List<String> replaced = both.stream().filter(prefix -> !at(now, prefix).hasStoreOf(at(old, prefix))).toList();
        List<String> retuned = both.stream().filter(prefix -> !replaced.contains(prefix) && !at(now, prefix).equals(at(
                old, prefix))).toList();
        return new MountChanges(List.copyOf(added), List.copyOf(removed), replaced, retuned, needRestart);
    }

    private static Map<String, MountSettings> byPrefix(Collection<MountSettings> mounts) {
        return mounts.stream().collect(Collectors.toMap(MountSettings::prefix, Function.identity()));
    }

    @SuppressWarnings("NullAway") // asked for prefixes that are there
    private static MountSettings at(Map<String, MountSettings> mounts, String prefix) {
        return mounts.get(prefix);
    }

    /** The changes as one JSON object. */
    public String json() {
        JsonWriter out = new JsonWriter().beginObject();
        array(out, "added", added);
        array(out, "removed", removed);
        array(out, "replaced", replaced);
        array(out, "retuned", retuned);
        array(out, "needRestart", needRestart);
        return out.endObject().toString();
    }

    private static void array(JsonWriter out, String name, List<String> values) {
        out.beginArray(name);
        values.forEach(out::value);
        out.endArray();
    }
}
