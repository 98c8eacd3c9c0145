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
import java.util.List;
import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the stores that the settings name. Stateless. */
final class Mounts {
    private static final Logger LOG = LoggerFactory.getLogger(Mounts.class);
    private static final String CACHE_SCHEME = "cache";

    private Mounts() {}

    /**
     * Opens every mount, or none.
     *
     * @param maxClients clients of backends kept open while no store uses them.
     * @throws TiercelException BAD_CONFIGURATION when a store cannot be what its URI says: unknown scheme, no such
     *     folder, no right to read it.
     */
    static MountTable open(List<MountSettings> settings, int maxClients) {
        List<Mount> mounts = new ArrayList<>();
        StorageProviders providers = StorageProviders.load(maxClients);
        try {
            for (MountSettings each : settings) {
                mounts.add(open(each, providers));
            }
            return new MountTable(mounts, providers);
        } catch (RuntimeException e) {
            CloseHelper.quietCloseAll(mounts);
            CloseHelper.quietClose(providers);
            throw e;
        }
    }

    private static Mount open(MountSettings settings, StorageProviders providers) {
        StorageAdapter store = isCacheOnly(settings.store()) ? null : openStore(settings, providers);
        return new Mount(settings.prefix(), shown(settings.store()), store, settings.policy());
    }

    private static boolean isCacheOnly(URI store) {
        return CACHE_SCHEME.equals(store.getScheme());
    }

    private static StorageAdapter openStore(MountSettings settings, StorageProviders providers) {
        @Nullable StorageAdapter store = null;
        try {
            store = providers.open(address(settings));
            store.ping();
            return store;
        } catch (StorageException e) {
            if (e.kind() == StorageException.Kind.UNAVAILABLE && store != null) {
                // A store that is down may come up: reads of it fail until then, and the node is of use meanwhile.
                LOG.warn("mount '{}' does not answer yet: {}", settings.prefix(), e.getMessage());
                return store;
            }
            CloseHelper.quietClose(store);
            throw new TiercelException(ErrorCode.BAD_CONFIGURATION, "mount cannot be read: mount='" + settings.prefix()
                    + "' store=" + shown(settings.store()) + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new TiercelException(ErrorCode.BAD_CONFIGURATION, "mount cannot be opened: mount='"
                    + settings.prefix() + "' store=" + shown(settings.store()) + ": " + e.getMessage(), e);
        }
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
