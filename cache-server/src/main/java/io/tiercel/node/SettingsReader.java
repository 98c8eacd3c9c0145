package io.tiercel.node;

import io.tiercel.load.Freshness;
import io.tiercel.load.MountPolicy;
import io.tiercel.load.Protection;
import io.tiercel.load.Sizes;
import io.tiercel.storage.RetryPolicy;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Turns texts into values, each checked by its setting's kind and range, then against each other. Not threadsafe. */
final class SettingsReader {
    private final RawSettings raw;
    private final NodeSettings.Context context = new NodeSettings.Context();
    private boolean isNumberRefused;

    SettingsReader(RawSettings raw) {
        this.raw = raw;
    }

    /** The settings as far as they can be read; what cannot is noted as a defect, and has its default. */
    NodeSettings.Context read() {
        readNode();
        readMemory();
        readTransport();
        readClients();
        readLoad();
        raw.prefixes().forEach(this::readMount);
        if (!isNumberRefused) {
            checkLimits();
        }
        return context;
    }

    private void readNode() {
        path(Setting.NODE_DIR, context::dir);
        RawSetting name = raw.find(SettingPath.of(Setting.NODE_NAME));
        if (name != null) {
            if (Setting.NODE_NAME.holds(name.text())) {
                context.name(name.text());
            } else {
                raw.refuse(name, "expected " + Setting.NODE_NAME.range());
            }
        }
        RawSetting profile = raw.find(SettingPath.of(Setting.NODE_PROFILE));
        if (profile != null) {
            Profile choice = Profile.tryOf(profile.text());
            if (choice == null) {
                raw.refuse(profile, "expected " + Setting.NODE_PROFILE.range());
            } else {
                context.profile(choice);
            }
        }
        number(SettingPath.of(Setting.NODE_DRAIN_DEADLINE), context::drainDeadlineMs);
    }

    private void readMemory() {
        number(SettingPath.of(Setting.MEMORY_HEAP), context::heapCapacity);
        number(SettingPath.of(Setting.MEMORY_MAPPED), context::mappedCapacity);
        number(SettingPath.of(Setting.MEMORY_MAX_FRAME), context::maxFrame);
    }

    private void readTransport() {
        path(Setting.AERON_DIR, context::aeronDir);
        endpoint(Setting.AERON_UDP, context::udpEndpoint);
        endpoint(Setting.HTTP_BIND, context::httpEndpoint);
    }

    private void readClients() {
        number(SettingPath.of(Setting.CLIENTS_MAX), count -> context.maxClients((int) count));
        number(SettingPath.of(Setting.CLIENTS_MAX_MAPPED), count -> context.maxMappedClients((int) count));
        number(SettingPath.of(Setting.CLIENTS_PIN_QUOTA), context::pinQuota);
        number(SettingPath.of(Setting.STORES_MAX_CLIENTS), count -> context.maxStoreClients((int) count));
    }

    private void readLoad() {
        number(SettingPath.of(Setting.LOAD_DEADLINE), context::loadDeadlineMs);
        number(SettingPath.of(Setting.LOAD_PERMITS), count -> context.loadPermits((int) count));
        number(SettingPath.of(Setting.LOAD_QUEUE), count -> context.loadQueue((int) count));
    }

    private void readMount(String prefix) {
        RawSetting store = raw.find(SettingPath.of(Setting.MOUNT_STORE, prefix));
        if (store == null) {
            raw.refuse(originOfMount(prefix),
                    SettingPath.of(Setting.MOUNT_STORE, prefix) + ": missing; a mount needs a store, if only cache:");
        }
        URI uri = store == null ? null : uri(store);
        MountPolicy policy = new MountPolicy(freshness(prefix), sizes(prefix), protection(prefix), is(
                Setting.MOUNT_READ_ONLY, prefix));
        boolean allowPrivate = is(Setting.MOUNT_ALLOW_PRIVATE, prefix);
        if (uri != null) {
            context.mount(new MountSettings(prefix, uri, policy, allowPrivate));
        }
    }

    private Freshness freshness(String prefix) {
        return new Freshness(number(SettingPath.of(Setting.MOUNT_TTL, prefix), Freshness.USUAL.ttlMs()), fraction(
                Setting.MOUNT_TTL_JITTER, prefix), number(Setting.MOUNT_NEGATIVE_TTL, prefix),
                number(Setting.MOUNT_STALE_WHILE_REVALIDATE, prefix), number(Setting.MOUNT_STALE_IF_ERROR, prefix),
                number(Setting.MOUNT_REFRESH_AHEAD, prefix), is(Setting.MOUNT_SLIDING_TTL, prefix), is(
                        Setting.MOUNT_STORE_FRESHNESS, prefix));
    }

    private Sizes sizes(String prefix) {
        return new Sizes(number(SettingPath.of(Setting.MOUNT_MAX_OBJECT, prefix), context.maxFrame()),
                number(Setting.MOUNT_MAX_LISTING, prefix), number(Setting.MOUNT_PAGE_THRESHOLD, prefix),
                (int) number(Setting.MOUNT_PAGE_SIZE, prefix));
    }

    private Protection protection(String prefix) {
        RetryPolicy retry = new RetryPolicy((int) number(Setting.MOUNT_RETRY_ATTEMPTS, prefix),
                number(Setting.MOUNT_RETRY_BASE, prefix), number(Setting.MOUNT_RETRY_CAP, prefix));
        return new Protection((int) number(Setting.MOUNT_PERMITS, prefix), number(Setting.MOUNT_TIMEOUT, prefix), retry,
                fraction(Setting.MOUNT_RETRY_BUDGET, prefix), (int) number(Setting.MOUNT_BREAKER_FAILURES, prefix),
                number(Setting.MOUNT_BREAKER_OPEN, prefix), (int) number(Setting.MOUNT_BREAKER_HALF_OPEN, prefix));
    }

    private double fraction(Setting setting, String prefix) {
        return (double) number(setting, prefix) / Units.ONE;
    }

    private long number(Setting setting, String prefix) {
        return number(SettingPath.of(setting, prefix), setting.defaultLong());
    }

    private @Nullable URI uri(RawSetting store) {
        StoreUri.Result result = StoreUri.read(store.text());
        if (!result.defect().isEmpty()) {
            raw.refuse(store, result.defect());
            return null;
        }
        return result.uri();
    }

    /** Whether a mount's boolean or switch is on. */
    private boolean is(Setting setting, String prefix) {
        RawSetting raw = this.raw.find(SettingPath.of(setting, prefix));
        String text = raw == null ? setting.defaultText() : raw.text();
        String on = setting.kind() == Setting.Kind.SWITCH ? "on" : "true";
        String off = setting.kind() == Setting.Kind.SWITCH ? "off" : "false";
        if (raw != null && !text.equals(on) && !text.equals(off)) {
            this.raw.refuse(raw, "expected " + setting.range());
        }
        return text.equals(on);
    }

    private void path(Setting setting, Consumer<Path> target) {
        RawSetting text = raw.find(SettingPath.of(setting));
        if (text == null) {
            return;
        }
        try {
            if (text.text().isBlank()) {
                raw.refuse(text, "expected a path");
            } else {
                target.accept(Path.of(text.text()));
            }
        } catch (InvalidPathException e) {
            raw.refuse(text, "no path: " + e.getReason());
        }
    }

    private void endpoint(Setting setting, Consumer<String> target) {
        RawSetting text = raw.find(SettingPath.of(setting));
        if (text == null) {
            return;
        }
        if (Endpoint.isLegal(text.text())) {
            target.accept(text.text());
        } else {
            raw.refuse(text, "expected " + setting.range());
        }
    }

    private void number(SettingPath path, LongConsumer target) {
        long value = number(path, Units.MALFORMED);
        if (value != Units.MALFORMED) {
            target.accept(value);
        }
    }

    private long number(SettingPath path, long otherwise) {
        RawSetting text = raw.find(path);
        if (text == null) {
            return otherwise;
        }
        Setting setting = path.setting();
        long value = setting.parse(text.text());
        String defect = value == Units.MALFORMED ? setting.form() : setting.defectOf(value);
        if (!defect.isEmpty()) {
            raw.refuse(text, defect);
            isNumberRefused = true;
            return otherwise;
        }
        return value;
    }

    private void checkLimits() {
        context.limitDefects().forEach((path, defect) -> raw.refuse(raw.originOf(path), defect));
        String disk = DiskCapacity.defectOf(context.dir(), context.mappedCapacity());
        if (!disk.isEmpty()) {
            raw.refuse(raw.originOf(SettingPath.of(Setting.MEMORY_MAPPED)),
                    Setting.MEMORY_MAPPED.assignment(context.mappedCapacity()) + " " + disk);
        }
    }

    private String originOfMount(String prefix) {
        for (Setting setting : Setting.ofMount()) {
            RawSetting any = raw.find(SettingPath.of(setting, prefix));
            if (any != null) {
                return any.origin();
            }
        }
        return RawSettings.DEFAULT;
    }
}
