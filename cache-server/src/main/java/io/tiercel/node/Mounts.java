package io.tiercel.node;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.load.Mount;
import io.tiercel.load.MountTable;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageProviders;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mounts of a node with the settings that they were opened by, and what their stores have in common. Not threadsafe:
 * one caller at a time.
 */
final class Mounts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Mounts.class);
    private static final String CACHE_SCHEME = "cache";

    private final StorageProviders providers;
    private final MountTable table;
    private Map<MountSettings, Mount> opened;

    private Mounts(StorageProviders providers, Map<MountSettings, Mount> opened) {
        this.providers = providers;
        this.opened = opened;
        this.table = new MountTable(List.copyOf(opened.values()), providers);
    }

    /**
     * Opens every mount, or none. Stores are opened and asked whether they answer side by side, each for as long as its
     * mount's timeout says; one that is unavailable stays, since it may come up.
     *
     * @param maxClients clients of backends kept open while no store uses them.
     * @throws TiercelException BAD_CONFIGURATION when a store cannot be what its URI says: unknown scheme, no such
     *     folder, no right to read it.
     */
    static Mounts open(List<MountSettings> settings, int maxClients) {
        StorageProviders providers = StorageProviders.load(maxClients);
        try {
            return new Mounts(providers, openAll(settings, Map.of(), providers));
        } catch (RuntimeException e) {
            CloseHelper.quietClose(providers);
            throw e;
        }
    }

    /** What the shard looks mounts up in. */
    MountTable table() {
        return table;
    }

    /** The settings that are in force. */
    Set<MountSettings> settings() {
        return opened.keySet();
    }

    /**
     * Opens what other settings need besides what is open: a mount of equal settings stays as it is, one that only has
     * another policy keeps its store. Nothing answers by them until {@link #adopt}.
     *
     * @throws TiercelException as {@link #open}; nothing more is open then than before.
     */
    Map<MountSettings, Mount> prepare(List<MountSettings> next) {
        return openAll(next, opened, providers);
    }

    /** The prepared mounts answer now. */
    void adopt(Map<MountSettings, Mount> prepared) {
        opened = prepared;
    }

    /** Closes what was opened for mounts that are not to answer. */
    void discard(Map<MountSettings, Mount> prepared) {
        prepared.values().stream().filter(mount -> opened.values().stream().noneMatch(mount::hasStoreOf)).forEach(
                CloseHelper::quietClose);
    }

    private static Map<MountSettings, Mount> openAll(List<MountSettings> settings, Map<MountSettings, Mount> known,
            StorageProviders providers) {
        Map<MountSettings, Mount> all = new LinkedHashMap<>();
        List<StorageAdapter> fresh = new ArrayList<>();
        List<FirstPing> pings = new ArrayList<>();
        try {
            for (MountSettings each : settings) {
                Mount same = known.get(each);
                StorageAdapter store = same == null ? storeOf(each, known) : null;
                if (same == null && store == null && !isCacheOnly(each.store())) {
                    store = lateStore(each, providers);
                    fresh.add(store);
                    pings.add(FirstPing.begin(each, store));
                }
                all.put(each, same != null
                        ? same
                        : new Mount(each.prefix(), shown(each.store()), store, each.policy()));
            }
            pings.forEach(Mounts::awaitAnswer);
            return all;
        } catch (RuntimeException e) {
            pings.forEach(FirstPing::cancel);
            CloseHelper.quietCloseAll(fresh);
            throw e;
        }
    }

    /** The store that is open for the same prefix and place, or null. */
    private static @Nullable StorageAdapter storeOf(MountSettings wanted, Map<MountSettings, Mount> known) {
        for (Map.Entry<MountSettings, Mount> entry : known.entrySet()) {
            if (entry.getKey().hasStoreOf(wanted) && !entry.getValue().isCacheOnly()) {
                return entry.getValue().store();
            }
        }
        return null;
    }

    /** Closes all stores, and what they have in common. */
    @Override
    public void close() {
        table.close();
    }

    private static boolean isCacheOnly(URI store) {
        return CACHE_SCHEME.equals(store.getScheme());
    }

    private static StorageAdapter lateStore(MountSettings settings, StorageProviders providers) {
        if (StoreUri.mayHoldSecret(settings.store().toString())) {
            throw new TiercelException(ErrorCode.BAD_CONFIGURATION, said("opened", settings, StoreUri.SECRET));
        }
        return new LateStore(StoreUri.withoutUsers(shown(settings.store())), settings.policy().protection().timeoutMs(),
                () -> providers.open(address(settings)));
    }

    private static void awaitAnswer(FirstPing ping) {
        try {
            ping.await();
        } catch (StorageException e) {
            if (e.kind() != StorageException.Kind.UNAVAILABLE) {
                throw unreadable(ping.mount(), e);
            }
            // A store that is down may come up: reads of it fail until then, and the node is of use meanwhile.
            LOG.warn("mount '{}' does not answer yet: {}", ping.mount().prefix(), e.getMessage());
        } catch (IllegalArgumentException e) {
            // Without its cause, whose message repeats the URI.
            throw new TiercelException(ErrorCode.BAD_CONFIGURATION, said("opened", ping.mount(), e.getMessage()));
        }
    }

    private static TiercelException unreadable(MountSettings settings, StorageException failure) {
        return new TiercelException(ErrorCode.BAD_CONFIGURATION, said("read", settings, failure.getMessage()), failure);
    }

    /** What is said of a mount that cannot be, with no user in it: that is a token at times. */
    private static String said(String what, MountSettings settings, @Nullable String why) {
        return StoreUri.withoutUsers("mount cannot be " + what + ": mount='" + settings.prefix() + "' store="
                + StoreUri.withoutSecrets(settings.store()) + ": " + why);
    }

    /** The URI that the store opens; what the setting says wins over the URI's own parameter. */
    private static String address(MountSettings settings) {
        String uri = shown(settings.store());
        boolean isWeb = uri.startsWith("http:") || uri.startsWith("https:");
        if (!isWeb || !settings.allowPrivate() || uri.contains("allowPrivate=true")) {
            return uri;
        }
        return uri + (uri.indexOf('?') < 0 ? "?" : "&") + "allowPrivate=true";
    }

    private static String shown(URI store) {
        return isCacheOnly(store) ? CACHE_SCHEME + ':' : StoreUri.text(store);
    }
}
