package io.tiercel.node;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a node runs with, complete and checked. Immutable and threadsafe; {@link Setting} says what each means. */
public final class NodeSettings {
    /** In place of an endpoint: nobody listens. */
    public static final String OFF = "off";

    private final Path dir;
    private final String name;
    private final Profile profile;
    private final long drainDeadlineMs;
    private final long heapCapacity;
    private final long mappedCapacity;
    private final long maxFrame;
    private final @Nullable Path aeronDir;
    private final String udpEndpoint;
    private final String httpEndpoint;
    private final long loadDeadlineMs;
    private final int loadPermits;
    private final int loadQueue;
    private final int maxClients;
    private final int maxStoreClients;
    private final int maxMappedClients;
    private final long pinQuota;
    private final List<MountSettings> mounts;

    private NodeSettings(Context context) {
        this.dir = context.dir;
        this.name = context.name;
        this.profile = context.profile;
        this.drainDeadlineMs = context.drainDeadlineMs;
        this.heapCapacity = context.heapCapacity;
        this.mappedCapacity = context.mappedCapacity;
        this.maxFrame = context.maxFrame;
        this.aeronDir = context.aeronDir;
        this.udpEndpoint = context.udpEndpoint;
        this.httpEndpoint = context.httpEndpoint;
        this.loadDeadlineMs = context.loadDeadlineMs;
        this.loadPermits = context.loadPermits;
        this.loadQueue = context.loadQueue;
        this.maxClients = context.maxClients;
        this.maxStoreClients = context.maxStoreClients;
        this.maxMappedClients = context.maxMappedClients();
        this.pinQuota = context.pinQuota();
        this.mounts = List.copyOf(context.mounts);
    }

    public Path dir() {
        return dir;
    }

    public String name() {
        return name;
    }

    public Profile profile() {
        return profile;
    }

    public long drainDeadlineMs() {
        return drainDeadlineMs;
    }

    /** Bytes of the heap tier; 0 when it is off. */
    public long heapCapacity() {
        return heapCapacity;
    }

    public long mappedCapacity() {
        return mappedCapacity;
    }

    /** Payload in bytes of the largest frame. */
    public long maxFrame() {
        return maxFrame;
    }

    /** Folder of the media driver, or null: the node chooses one. */
    public @Nullable Path aeronDir() {
        return aeronDir;
    }

    /** {@code HOST:PORT}, port 0 for a free one, or {@link #OFF}. */
    public String udpEndpoint() {
        return udpEndpoint;
    }

    /** {@code HOST:PORT}, port 0 for a free one, or {@link #OFF}. */
    public String httpEndpoint() {
        return httpEndpoint;
    }

    public long loadDeadlineMs() {
        return loadDeadlineMs;
    }

    public int loadPermits() {
        return loadPermits;
    }

    public int loadQueue() {
        return loadQueue;
    }

    public int maxClients() {
        return maxClients;
    }

    /** Clients of backends kept open while no store uses them. */
    public int maxStoreClients() {
        return maxStoreClients;
    }

    /** Clients that may map the node's files at a time. */
    public int maxMappedClients() {
        return maxMappedClients;
    }

    /** Bytes of segment files that the open frames of one mapped client may keep from reuse. */
    public long pinQuota() {
        return pinQuota;
    }

    /** At least one, no two of a prefix. */
    public List<MountSettings> mounts() {
        return mounts;
    }

    /** Collects settings; what is left out takes its default. Not threadsafe. */
    public static final class Context {
        private static final long UNSET = -1;
        private static final Path KERNEL_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

        private Path dir = Path.of(Setting.NODE_DIR.defaultText());
        private String name = "";
        private Profile profile = Profile.ofCores(Runtime.getRuntime().availableProcessors());
        private long drainDeadlineMs = Setting.NODE_DRAIN_DEADLINE.defaultLong();
        private long heapCapacity = Setting.MEMORY_HEAP.defaultLong();
        private long mappedCapacity = Setting.MEMORY_MAPPED.defaultLong();
        private long maxFrame = UNSET;
        private @Nullable Path aeronDir;
        private String udpEndpoint = Setting.AERON_UDP.defaultText();
        private String httpEndpoint = Setting.HTTP_BIND.defaultText();
        private long loadDeadlineMs = Setting.LOAD_DEADLINE.defaultLong();
        private int loadPermits = (int) Setting.LOAD_PERMITS.defaultLong();
        private int loadQueue = (int) Setting.LOAD_QUEUE.defaultLong();
        private int maxClients = (int) Setting.CLIENTS_MAX.defaultLong();
        private int maxStoreClients = (int) Setting.STORES_MAX_CLIENTS.defaultLong();
        private int maxMappedClients = (int) UNSET;
        private long pinQuota = UNSET;
        private final List<MountSettings> mounts = new ArrayList<>();

        public Context dir(Path folder) {
            this.dir = folder;
            return this;
        }

        public Context name(String text) {
            this.name = text;
            return this;
        }

        public Context profile(Profile choice) {
            this.profile = choice;
            return this;
        }

        public Context drainDeadlineMs(long milliseconds) {
            this.drainDeadlineMs = milliseconds;
            return this;
        }

        public Context heapCapacity(long bytes) {
            this.heapCapacity = bytes;
            return this;
        }

        public Context mappedCapacity(long bytes) {
            this.mappedCapacity = bytes;
            return this;
        }

        public Context maxFrame(long bytes) {
            this.maxFrame = bytes;
            return this;
        }

        public Context aeronDir(Path folder) {
            this.aeronDir = folder;
            return this;
        }

        public Context udpEndpoint(String endpoint) {
            this.udpEndpoint = endpoint;
            return this;
        }

        public Context httpEndpoint(String endpoint) {
            this.httpEndpoint = endpoint;
            return this;
        }

        public Context loadDeadlineMs(long milliseconds) {
            this.loadDeadlineMs = milliseconds;
            return this;
        }

        public Context loadPermits(int count) {
            this.loadPermits = count;
            return this;
        }

        public Context loadQueue(int count) {
            this.loadQueue = count;
            return this;
        }

        public Context maxClients(int count) {
            this.maxClients = count;
            return this;
        }

        public Context maxStoreClients(int count) {
            this.maxStoreClients = count;
            return this;
        }

        public Context maxMappedClients(int count) {
            this.maxMappedClients = count;
            return this;
        }

        public Context pinQuota(long bytes) {
            this.pinQuota = bytes;
            return this;
        }

        public Context mount(MountSettings mount) {
            this.mounts.add(mount);
            return this;
        }

        /** A mount of this prefix over a store, everything else by default; limits of the node go first. */
        public Context mount(String prefix, URI store) {
            return mount(MountSettings.of(prefix, store, maxFrame()));
        }

        Path dir() {
            return dir;
        }

        long mappedCapacity() {
            return mappedCapacity;
        }

        /** The largest payload as it stands: what was asked for, else what the mapped capacity allows. */
        int maxMappedClients() {
            return maxMappedClients == UNSET ? maxClients : maxMappedClients;
        }

        long pinQuota() {
            return pinQuota == UNSET ? mappedCapacity / 2 : pinQuota;
        }

        long maxFrame() {
            return maxFrame == UNSET ? Math.min(Units.GIB, mappedCapacity / 2) : maxFrame;
        }

        /**
         * Checks and completes.
         *
         * @throws TiercelException with BAD_CONFIGURATION; the message has a line for each thing that is wrong.
         */
        public NodeSettings conclude() {
            List<String> defects = new ArrayList<>();
            checkRanges(defects);
            defects.addAll(limitDefects().values());
            checkMounts(defects);
            if (!defects.isEmpty()) {
                throw new TiercelException(ErrorCode.BAD_CONFIGURATION, String.join("\n", defects));
            }
            complete();
            return new NodeSettings(this);
        }

        private void checkRanges(List<String> defects) {
            checkRange(Setting.NODE_DRAIN_DEADLINE, drainDeadlineMs, defects);
            checkRange(Setting.MEMORY_HEAP, heapCapacity, defects);
            checkRange(Setting.MEMORY_MAPPED, mappedCapacity, defects);
            checkRange(Setting.LOAD_DEADLINE, loadDeadlineMs, defects);
            checkRange(Setting.LOAD_PERMITS, loadPermits, defects);
            checkRange(Setting.LOAD_QUEUE, loadQueue, defects);
            checkRange(Setting.CLIENTS_MAX, maxClients, defects);
            checkRange(Setting.STORES_MAX_CLIENTS, maxStoreClients, defects);
            if (maxMappedClients != UNSET) {
                checkRange(Setting.CLIENTS_MAX_MAPPED, maxMappedClients, defects);
            }
            if (pinQuota != UNSET) {
                checkRange(Setting.CLIENTS_PIN_QUOTA, pinQuota, defects);
            }
            if (maxFrame != UNSET) {
                checkRange(Setting.MEMORY_MAX_FRAME, maxFrame, defects);
            }
        }

        private static void checkRange(Setting setting, long value, List<String> defects) {
            String defect = setting.defectOf(value);
            if (!defect.isEmpty()) {
                defects.add(setting.assignment(value) + ": " + defect);
            }
        }

        /** What is wrong with settings that are fine alone and not together, by the one to change. */
        Map<SettingPath, String> limitDefects() {
            Map<SettingPath, String> defects = new LinkedHashMap<>();
            if (maxFrame() > mappedCapacity) {
                defects.put(SettingPath.of(Setting.MEMORY_MAX_FRAME), Setting.MEMORY_MAX_FRAME.assignment(maxFrame())
                        + " is more than " + Setting.MEMORY_MAPPED.assignment(mappedCapacity)
                        + ": an object must fit the tier");
            }
            if (maxMappedClients() > maxClients) {
                defects.put(SettingPath.of(Setting.CLIENTS_MAX_MAPPED),
                        Setting.CLIENTS_MAX_MAPPED.assignment(maxMappedClients()) + " is more than "
                                + Setting.CLIENTS_MAX.assignment(maxClients) + ": a client that maps is one of them");
            }
            if (pinQuota() > mappedCapacity) {
                defects.put(SettingPath.of(Setting.CLIENTS_PIN_QUOTA), Setting.CLIENTS_PIN_QUOTA.assignment(pinQuota())
                        + " is more than " + Setting.MEMORY_MAPPED.assignment(mappedCapacity)
                        + ": no client can hold more than there is");
            }
            long heapLimit = Runtime.getRuntime().maxMemory();
            if (heapCapacity > heapLimit) {
                defects.put(SettingPath.of(Setting.MEMORY_HEAP), Setting.MEMORY_HEAP.assignment(heapCapacity)
                        + " is more than the JVM's heap of " + Units.size(heapLimit)
                        + ": lower it, or raise -Xmx through TIERCEL_JAVA_OPTS");
            }
            for (MountSettings mount : mounts) {
                if (mount.policy().sizes().maxObject() > maxFrame()) {
                    SettingPath path = SettingPath.of(Setting.MOUNT_MAX_OBJECT, mount.prefix());
                    defects.put(path, path + "=" + Units.size(mount.policy().sizes().maxObject()) + " is more than "
                            + Setting.MEMORY_MAX_FRAME.assignment(maxFrame()));
                }
            }
            return defects;
        }

        private void checkMounts(List<String> defects) {
            for (int i = 0; i < mounts.size(); i++) {
                String prefix = mounts.get(i).prefix();
                if (mounts.subList(0, i).stream().anyMatch(other -> other.prefix().equals(prefix))) {
                    defects.add("mounts: two for the prefix '" + prefix + "'");
                }
            }
        }

        private void complete() {
            if (name.isEmpty()) {
                name = hostName();
            }
            maxFrame = maxFrame();
            if (mounts.isEmpty()) {
                mount(MountSettings.cacheOnly("", maxFrame));
            }
        }

        /** As the kernel has it, where it can be read: the JDK would ask the network's name service. */
        private static String hostName() {
            try {
                return Files.isReadable(KERNEL_HOST_NAME)
                        ? Files.readString(KERNEL_HOST_NAME).strip()
                        : InetAddress.getLocalHost().getHostName();
            } catch (IOException e) {
                return "localhost"; // A machine that does not know its own name is still a node.
            }
        }
    }
}
