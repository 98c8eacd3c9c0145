package io.tiercel.node;

import io.tiercel.load.Freshness;
import io.tiercel.load.Protection;
import io.tiercel.load.Sizes;
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
        Freshness freshness = mount.policy().freshness();
        Sizes sizes = mount.policy().sizes();
        Protection protection = mount.policy().protection();
        return switch (setting) {
            case MOUNT_STORE -> StoreUri.text(mount.store());
            case MOUNT_TTL -> freshness.ttlMs() == 0 ? setting.defaultText() : setting.text(freshness.ttlMs());
            case MOUNT_TTL_JITTER -> fraction(setting, freshness.ttlJitter());
            case MOUNT_NEGATIVE_TTL -> setting.text(freshness.negativeTtlMs());
            case MOUNT_STALE_WHILE_REVALIDATE -> setting.text(freshness.staleWhileRevalidateMs());
            case MOUNT_STALE_IF_ERROR -> setting.text(freshness.staleIfErrorMs());
            case MOUNT_REFRESH_AHEAD -> setting.text(freshness.refreshAheadMs());
            case MOUNT_SLIDING_TTL -> freshness.isSliding() ? "on" : "off";
            case MOUNT_STORE_FRESHNESS -> Boolean.toString(freshness.obeysStore());
            case MOUNT_MAX_OBJECT -> setting.text(sizes.maxObject());
            case MOUNT_MAX_LISTING -> setting.text(sizes.maxListing());
            case MOUNT_PAGE_THRESHOLD -> setting.text(sizes.pageThreshold());
            case MOUNT_PAGE_SIZE -> setting.text(sizes.pageSize());
            case MOUNT_PERMITS -> setting.text(protection.permits());
            case MOUNT_TIMEOUT -> setting.text(protection.timeoutMs());
            case MOUNT_RETRY_ATTEMPTS -> setting.text(protection.retry().attempts());
            case MOUNT_RETRY_BASE -> setting.text(protection.retry().baseMs());
            case MOUNT_RETRY_CAP -> setting.text(protection.retry().capMs());
            case MOUNT_RETRY_BUDGET -> fraction(setting, protection.retryBudget());
            case MOUNT_BREAKER_FAILURES -> setting.text(protection.breakerFailures());
            case MOUNT_BREAKER_OPEN -> setting.text(protection.breakerOpenMs());
            case MOUNT_BREAKER_HALF_OPEN -> setting.text(protection.breakerTrials());
            case MOUNT_ALLOW_PRIVATE -> Boolean.toString(mount.allowPrivate());
            case MOUNT_READ_ONLY -> Boolean.toString(mount.policy().isReadOnly());
            default -> throw new IllegalArgumentException("setting=" + setting.key() + " is of the node");
        };
    }

    private static String fraction(Setting setting, double value) {
        return setting.text(Math.round(value * Units.ONE));
    }
}
