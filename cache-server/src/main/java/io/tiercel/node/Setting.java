package io.tiercel.node;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The catalogue of settings: key, kind, default, range and reason of each, in this one place. A test holds
 * {@code docs/configuration.md} to it. Immutable.
 *
 * <p>A setting {@code a.b.c} is also the environment's {@code TIERCEL_A_B_C}; one that {@code serve} has an option for
 * has the option's name as a short form as well. Those of a mount stand under {@code mounts.PREFIX}.
 */
public enum Setting {
    NODE_DIR("node.dir", "dir", Kind.PATH, "./tiercel-data", 0, 0,
            "holds everything that survives a restart; a relative one counts from the working directory"),
    NODE_NAME("node.name", "", Kind.TEXT, "the host's name", 1, 255,
            "tells nodes apart in status and logs"),
    NODE_PROFILE("node.profile", "profile", Kind.PROFILE, "by cores", 0, 0,
            "threads that spin: on fewer than 4 cores they ruin each other, from 8 on they pay"),
    NODE_DRAIN_DEADLINE("node.drainDeadline", "", Kind.DURATION, "30s", 0, Units.HOUR_MS,
            "after SIGTERM, what is under way may finish until then"),
    MEMORY_HEAP("memory.heap", "heap", Kind.SIZE, "64MiB", 0, Units.TIB,
            "small hot objects on the heap; 0 turns this tier off"),
    MEMORY_MAPPED("memory.mapped", "mapped", Kind.SIZE, "1GiB", 16 * Units.MIB, 64 * Units.TIB,
            "all objects, in mapped files; reserved on disk as it is needed"),
    MEMORY_MAX_FRAME("memory.maxFrame", "", Kind.SIZE, "the smaller of 1GiB and half of memory.mapped", 1, Units.GIB,
            "payload of the largest object that is cached; one mapping holds an object whole"),
    AERON_DIR("aeron.dir", "", Kind.PATH, "under /dev/shm where that is large enough", 0, 0,
            "the media driver's files, which every message passes through: memory, not a disk"),
    AERON_UDP("aeron.udp", "udp", Kind.ENDPOINT, "127.0.0.1:8740", 0, 0,
            "where clients on other hosts are answered; port 0 takes a free one"),
    HTTP_BIND("http.bind", "http", Kind.ENDPOINT, "127.0.0.1:8741", 0, 0,
            "where HTTP is answered; port 0 takes a free one"),
    LOAD_DEADLINE("load.deadline", "", Kind.DURATION, "30s", 1, Units.HOUR_MS,
            "of one load from a store, all its waiting included"),
    LOAD_PERMITS("load.permits", "", Kind.COUNT, "64", 1, 65_536,
            "loads that run at the same time, all mounts together"),
    LOAD_QUEUE("load.queue", "", Kind.COUNT, "1024", 0, 1_048_576,
            "loads that wait for a permit, all mounts together; past it they are refused as OVERLOADED"),
    CLIENTS_MAX("clients.max", "", Kind.COUNT, "64", 1, 1024,
            "clients at a time, mapped or streamed to; past it they are refused as OVERLOADED"),
    CLIENTS_MAX_MAPPED("clients.maxMapped", "", Kind.COUNT, "clients.max", 0, 1024,
            "clients that map the node's files, each with a pin table that every reclaim reads; past it they are streamed to"),
    CLIENTS_PIN_QUOTA("clients.pinQuota", "", Kind.SIZE, "half of memory.mapped", 0, 64 * Units.TIB,
            "segment files that the open frames of one mapped client may keep from reuse; past it, and past its first segment, a read is refused as NO_SPACE"),
    STORES_MAX_CLIENTS("stores.maxClients", "", Kind.COUNT, "100", 0, 10_000,
            "clients of backends (SDKs, pools) kept open while no store uses them; one client serves all stores of one backend"),
    MOUNT_STORE("mounts.PREFIX.store", "", Kind.STORE, "cache: at the root if no mount at all is configured", 0, 0,
            "where the keys under PREFIX come from; a key under no mount is NOT_FOUND"),
    MOUNT_TTL("mounts.PREFIX.ttl", "", Kind.DURATION, "none", 1, 3_650 * Units.DAY_MS,
            "an object is loaded anew when it is older"),
    MOUNT_MAX_OBJECT("mounts.PREFIX.maxObject", "", Kind.SIZE, "memory.maxFrame", 0, Units.GIB,
            "payload of the largest object of this mount that is cached, inclusive"),
    MOUNT_TIMEOUT("mounts.PREFIX.timeout", "", Kind.DURATION, "10s", 1, Units.HOUR_MS,
            "of one request to the store"),
    MOUNT_READ_ONLY("mounts.PREFIX.readOnly", "", Kind.BOOLEAN, "false", 0, 0,
            "refuses writes and deletions");

    /** How the text of a value is read. */
    public enum Kind {
        PATH, TEXT, PROFILE, DURATION, SIZE, ENDPOINT, COUNT, STORE, BOOLEAN
    }

    private static final String MOUNT_KEY = "mounts.PREFIX.";

    private final String key;
    private final String option;
    private final Kind kind;
    private final String defaultText;
    private final long minimum;
    private final long maximum;
    private final String reason;

    Setting(String key, String option, Kind kind, String defaultText, long minimum, long maximum, String reason) {
        this.key = key;
        this.option = option;
        this.kind = kind;
        this.defaultText = defaultText;
        this.minimum = minimum;
        this.maximum = maximum;
        this.reason = reason;
    }

    /** The settings of one mount. */
    static List<Setting> ofMount() {
        return Arrays.stream(values()).filter(Setting::isOfMount).toList();
    }

    /** The settings of the node itself. */
    static List<Setting> ofNode() {
        return Arrays.stream(values()).filter(setting -> !setting.isOfMount()).toList();
    }

    /** Dotted key; {@code PREFIX} stands for a mount's. */
    public String key() {
        return key;
    }

    public Kind kind() {
        return kind;
    }

    /** The default as a value would be written, or in words where it depends on something. */
    public String defaultText() {
        return defaultText;
    }

    /** What the setting is for, and why its range or default is what it is. */
    public String reason() {
        return reason;
    }

    /** Name of the option of {@code serve}, without dashes; empty when there is none. */
    public String option() {
        return option;
    }

    boolean isOfMount() {
        return key.startsWith(MOUNT_KEY);
    }

    /** Last part of a mount's key, {@code ttl}. */
    String mountName() {
        return key.substring(MOUNT_KEY.length());
    }

    /** {@code TIERCEL_MEMORY_HEAP}. */
    String variable() {
        return "TIERCEL_" + key.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** {@code TIERCEL_HEAP}, or empty. */
    String shortVariable() {
        return option.isEmpty() ? "" : "TIERCEL_" + option.toUpperCase(Locale.ROOT);
    }

    /** Default of a size, duration (ms) or count. */
    long defaultLong() {
        return parse(defaultText);
    }

    /** A size in bytes, a duration in milliseconds or a count; {@link Units#MALFORMED} when the text is none. */
    long parse(String text) {
        return switch (kind) {
            case SIZE -> Units.sizeOf(text);
            case DURATION -> Units.durationMsOf(text);
            case COUNT -> Units.countOf(text);
            default -> throw new IllegalStateException("setting=" + key + " is no number");
        };
    }

    /** How a number of this kind is written, in words that follow {@code key=value}. */
    String form() {
        return switch (kind) {
            case SIZE -> "expected a size such as 64MiB (B, KiB, MiB, GiB, TiB)";
            case DURATION -> "expected a duration such as 250ms (ms, s, m, h, d)";
            default -> "expected a whole number";
        };
    }

    /** A number as a value would be written. */
    String text(long value) {
        return switch (kind) {
            case SIZE -> Units.size(value);
            case DURATION -> Units.duration(value);
            default -> Long.toString(value);
        };
    }

    /** {@code key=value} of a number, for messages. */
    String assignment(long value) {
        return key + "=" + text(value);
    }

    /** Why a number is out of range, in words that follow {@code key=value}; empty when it is in range. */
    String defectOf(long value) {
        return value >= minimum && value <= maximum ? "" : "expected " + range();
    }

    /** The values that are taken, in words. */
    public String range() {
        return switch (kind) {
            case PATH -> "a path";
            case TEXT -> minimum + " to " + maximum + " characters";
            case PROFILE -> "compact, shared or dedicated";
            case DURATION, SIZE, COUNT -> text(minimum) + " to " + text(maximum);
            case ENDPOINT -> "HOST:PORT or off";
            case STORE -> "a URI without credentials";
            case BOOLEAN -> "true or false";
        };
    }

    /** Length bounds of a text. */
    boolean holds(String text) {
        return text.length() >= minimum && text.length() <= maximum;
    }
}
