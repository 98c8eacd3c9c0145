package io.tiercel.cli;

import io.tiercel.node.NodeConfiguration;
import io.tiercel.node.NodeOptions;
import io.tiercel.node.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that are settings. */
final class ServeOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "HOCON file of settings (else TIERCEL_CONFIG).")
    private @Nullable Path config;

    @Option(names = "--dir", paramLabel = "DIR", description = "Directory of the node (default: ./tiercel-data).")
    private @Nullable String dir;

    @Option(names = "--mount", paramLabel = "PREFIX=URI", description = "A store under a prefix, its policy after #: lake=file:///dir#ttl=10m (default: =cache:).")
    private List<String> mounts = new ArrayList<>();

    @Option(names = "--heap", paramLabel = "SIZE", description = "Heap tier; 0 turns it off (default: 64MiB).")
    private @Nullable String heap;

    @Option(names = "--mapped", paramLabel = "SIZE", description = "Mapped tier (default: 1GiB).")
    private @Nullable String mapped;

    @Option(names = "--udp", paramLabel = "HOST:PORT|off", description = "UDP (default: 127.0.0.1:8740).")
    private @Nullable String udp;

    @Option(names = "--http", paramLabel = "HOST:PORT|off", description = "HTTP (default: 127.0.0.1:8741).")
    private @Nullable String http;

    @Option(names = "--profile", paramLabel = "compact|shared|dedicated", description = "How many threads spin (default: by cores).")
    private @Nullable String profile;

    /** Takes one option by its name; false when it is none of these, or was given before and is no list. */
    boolean tryTake(String name, String value) {
        return switch (name) {
            case "--config" -> config == null && (config = Path.of(value)) != null;
            case "--dir" -> dir == null && (dir = value) != null;
            case "--mount" -> mounts.add(value);
            case "--heap" -> heap == null && (heap = value) != null;
            case "--mapped" -> mapped == null && (mapped = value) != null;
            case "--udp" -> udp == null && (udp = value) != null;
            case "--http" -> http == null && (http = value) != null;
            case "--profile" -> profile == null && (profile = value) != null;
            default -> false;
        };
    }

    /** Settings of all sources. */
    NodeConfiguration load(Console console) {
        NodeOptions options = new NodeOptions().option(Setting.NODE_DIR, dir).option(Setting.MEMORY_HEAP, heap)
                .option(Setting.MEMORY_MAPPED, mapped).option(Setting.AERON_UDP, udp).option(Setting.HTTP_BIND, http)
                .option(Setting.NODE_PROFILE, profile);
        mounts.forEach(options::mount);
        String file = console.environment().get("TIERCEL_CONFIG");
        Path path = config == null && file != null ? Path.of(file) : config;
        return NodeConfiguration.load(options, console.environment(), path);
    }
}
