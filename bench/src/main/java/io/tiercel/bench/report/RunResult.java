package io.tiercel.bench.report;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file that {@code bench rig --out} wrote: where and how it ran, what each rig asks, and its rows in their order.
 * Immutable.
 *
 * @param origin machine, JVM, commit and the rest, by name.
 * @param rigs by name what each asks and what it does not measure.
 */
record RunResult(String command, Map<String, String> origin, Map<String, RigText> rigs, List<ResultRow> rows) {
    /** What a rig says of itself. */
    record RigText(String question, String doesNotMeasure) {}

    /** @throws BadResultException when the file holds no results. */
    static RunResult read(Path file) throws IOException {
        try {
            Config root = ConfigFactory.parseString(Files.readString(file), ConfigParseOptions.defaults().setSyntax(
                    ConfigSyntax.JSON));
            return new RunResult(text(root, "command"), origin(root), rigs(root), root.getConfigList("rows").stream()
                    .map(row -> ResultRow.of(row)).toList());
        } catch (ConfigException e) {
            throw new BadResultException(file + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, String> origin(Config root) {
        Map<String, String> origin = new LinkedHashMap<>();
        for (String name : List.of("commit", "startedAt")) {
            origin.put(name, text(root, name));
        }
        if (root.hasPath("machine")) {
            root.getObject("machine").forEach((name, value) -> origin.put(name, String.valueOf(value.unwrapped())));
        }
        if (root.hasPath("jvmFlags")) {
            origin.put("JVM flags", String.join(" ", root.getStringList("jvmFlags")));
        }
        origin.values().removeIf(String::isEmpty);
        return origin;
    }

    private static Map<String, RigText> rigs(Config root) {
        Map<String, RigText> rigs = new LinkedHashMap<>();
        if (root.hasPath("rigs")) {
            for (Config rig : root.getConfigList("rigs")) {
                rigs.put(rig.getString("name"), new RigText(text(rig, "question"), text(rig, "doesNotMeasure")));
            }
        }
        return rigs;
    }

    private static String text(Config config, String path) {
        return config.hasPath(path) ? config.getString(path) : "";
    }

    /** Names of the rigs that have rows, in the order in which they ran. */
    List<String> rigNames() {
        return rows.stream().map(ResultRow::rig).distinct().toList();
    }

    List<ResultRow> rowsOf(String rig) {
        return rows.stream().filter(row -> row.rig().equals(rig)).toList();
    }
}
