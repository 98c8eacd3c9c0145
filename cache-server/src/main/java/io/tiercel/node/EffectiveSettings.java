package io.tiercel.node;

import java.util.ArrayList;
import java.util.List;

/** Lists settings as they count, each with its origin. Stateless. */
final class EffectiveSettings {
    private EffectiveSettings() {}

    static List<EffectiveSetting> of(NodeSettings settings, RawSettings raw) {
        List<EffectiveSetting> lines = new ArrayList<>();
        for (Setting setting : Setting.ofNode()) {
            add(lines, raw, SettingPath.of(setting), text(setting, settings));
        }
        for (MountSettings mount : settings.mounts()) {
            for (Setting setting : Setting.ofMount()) {
                add(lines, raw, SettingPath.of(setting, mount.prefix()), text(setting, mount));
            }
        }
        return lines;
    }

    private static void add(List<EffectiveSetting> lines, RawSettings raw, SettingPath path, String value) {
        lines.add(new EffectiveSetting(path.toString(), value, raw.originOf(path)));
    }

    private static String text(Setting setting, NodeSettings settings) {
        return switch (setting) {
            case NODE_DIR -> settings.dir().toString();
            case NODE_NAME -> settings.name();
            case NODE_PROFILE -> settings.profile().toString();
            case NODE_DRAIN_DEADLINE -> setting.text(settings.drainDeadlineMs());
            case MEMORY_HEAP -> setting.text(settings.heapCapacity());
            case MEMORY_MAPPED -> setting.text(settings.mappedCapacity());
            case MEMORY_MAX_FRAME -> setting.text(settings.maxFrame());
            case AERON_DIR -> settings.aeronDir() == null ? setting.defaultText() : settings.aeronDir().toString();
            case AERON_UDP -> settings.udpEndpoint();
            case HTTP_BIND -> settings.httpEndpoint();
            case LOAD_DEADLINE -> setting.text(settings.loadDeadlineMs());
            case LOAD_PERMITS -> setting.text(settings.loadPermits());
            case LOAD_QUEUE -> setting.text(settings.loadQueue());
            case CLIENTS_MAX -> setting.text(settings.maxClients());
            case STORES_MAX_CLIENTS -> setting.text(settings.maxStoreClients());
            case CLIENTS_MAX_MAPPED -> setting.text(settings.maxMappedClients());
            case CLIENTS_PIN_QUOTA -> setting.text(settings.pinQuota());
            default -> throw new IllegalArgumentException("setting=" + setting.key() + " is of a mount");
        };
    }

    private static String text(Setting setting, MountSettings mount) {
        return switch (setting) {
            case MOUNT_STORE -> StoreUri.text(mount.store());
            case MOUNT_TTL -> mount.ttlMs() == 0 ? setting.defaultText() : setting.text(mount.ttlMs());
            case MOUNT_MAX_OBJECT -> setting.text(mount.maxObject());
            case MOUNT_TIMEOUT -> setting.text(mount.timeoutMs());
            case MOUNT_READ_ONLY -> Boolean.toString(mount.readOnly());
            default -> throw new IllegalArgumentException("setting=" + setting.key() + " is of the node");
        };
    }
}
