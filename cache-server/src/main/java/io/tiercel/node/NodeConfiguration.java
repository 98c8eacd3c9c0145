package io.tiercel.node;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settings and where each came from: an option first, then the environment, then the file, then the default. Immutable
 * and threadsafe.
 */
public final class NodeConfiguration {
    private final NodeSettings settings;
    /** Not changed any more. */
    private final RawSettings raw;

    private NodeConfiguration(NodeSettings settings, RawSettings raw) {
        this.settings = settings;
        this.raw = raw;
    }

    /**
     * Reads all sources.
     *
     * @param environment all variables of the process; other than those that begin with {@code TIERCEL_} it only serves
     *            the file's substitutions.
     * @param file HOCON, or null for none.
     * @throws TiercelException with BAD_CONFIGURATION; the message has a line for each thing that is wrong, each with
     *             its place and key, and repeats no value of an unknown key and no secret.
     */
    public static NodeConfiguration load(NodeOptions options, Map<String, String> environment, @Nullable Path file) {
        RawSettings raw = new RawSettings();
        Set<String> substituted = file == null ? Set.of() : FileSource.read(file, environment, raw);
        EnvironmentSource.read(environment, substituted, raw);
        options.read(raw);
        SettingsReader reader = new SettingsReader(raw);
        NodeSettings.Context context = reader.read();
        if (!raw.defects().isEmpty()) {
            throw new TiercelException(ErrorCode.BAD_CONFIGURATION, String.join("\n", raw.defects()));
        }
        return new NodeConfiguration(context.conclude(), raw);
    }

    public NodeSettings settings() {
        return settings;
    }

    /** All settings as they count, in the catalogue's order, a mount after the other. */
    public List<EffectiveSetting> effective() {
        return EffectiveSettings.of(settings, raw);
    }
}
