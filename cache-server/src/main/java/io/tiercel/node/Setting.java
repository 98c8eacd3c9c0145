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
            "loads that run at the same time, all mounts together, each with a thread"),
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
    MOUNT_TTL_JITTER("mounts.PREFIX.ttlJitter", "", Kind.FRACTION, "0.1", 0, Units.ONE,
            "part of each ttl that is taken off at random, so that what was loaded together does not expire together"),
    MOUNT_NEGATIVE_TTL("mounts.PREFIX.negativeTtl", "", Kind.DURATION, "1s", 0, Units.DAY_MS,
            "how long it is remembered that the store had no such object; 0s asks it each time"),
    MOUNT_STALE_WHILE_REVALIDATE("mounts.PREFIX.staleWhileRevalidate", "", Kind.DURATION, "0s", 0, 3_650 * Units.DAY_MS,
            "an object is served that long after its ttl while it is asked for anew"),
    MOUNT_STALE_IF_ERROR("mounts.PREFIX.staleIfError", "", Kind.DURATION, "0s", 0, 3_650 * Units.DAY_MS,
            "an object is served that long after its ttl when the store cannot be asked"),
    MOUNT_REFRESH_AHEAD("mounts.PREFIX.refreshAhead", "", Kind.DURATION_OR_OFF, "off", 1, 3_650 * Units.DAY_MS,
            "a read that long before the end of an object's ttl has it asked for anew"),
    MOUNT_SLIDING_TTL("mounts.PREFIX.slidingTtl", "", Kind.SWITCH, "off", 0, 0,
            "each read begins the ttl anew"),
    MOUNT_STORE_FRESHNESS("mounts.PREFIX.storeFreshness", "", Kind.BOOLEAN, "true", 0, 0,
            "the store's max-age, no-store and Expires count"),
    MOUNT_MAX_OBJECT("mounts.PREFIX.maxObject", "", Kind.SIZE, "memory.maxFrame", 0, Units.GIB,
            "payload of the largest object of this mount that is cached, inclusive"),
    MOUNT_MAX_LISTING("mounts.PREFIX.maxListing", "", Kind.SIZE, "16MiB", 0, Units.GIB,
            "frame of the largest listing that is cached, inclusive; a larger one streams through"),
    MOUNT_PAGE_THRESHOLD("mounts.PREFIX.pageThreshold", "", Kind.SIZE, "64MiB", 0, Units.GIB,
            "a larger object is cached in pages, so that a range of it costs its range"),
    MOUNT_PAGE_SIZE("mounts.PREFIX.pageSize", "", Kind.SIZE, "4MiB", 4 * Units.KIB, 64 * Units.MIB,
            "of those pages: what a range costs at least, and what a slow client holds at most"),
    MOUNT_PERMITS("mounts.PREFIX.permits", "", Kind.COUNT, "64", 1, 65_536,
            "calls of this mount's store at a time; those of all mounts together have load.permits"),
    MOUNT_TIMEOUT("mounts.PREFIX.timeout", "", Kind.DURATION, "10s", 1, Units.HOUR_MS,
            "of one request to the store; at a start, how long it is waited for, all stores side by side"),
    MOUNT_RETRY_ATTEMPTS("mounts.PREFIX.retry.attempts", "", Kind.COUNT, "3", 1, 100,
            "tries of one load whose store is unavailable; its waiters share the outcome"),
    MOUNT_RETRY_BASE("mounts.PREFIX.retry.base", "", Kind.DURATION, "200ms", 0, Units.HOUR_MS,
            "longest wait before the second try; it doubles from try to try, and the wait is a random part of it"),
    MOUNT_RETRY_CAP("mounts.PREFIX.retry.cap", "", Kind.DURATION, "10s", 0, Units.HOUR_MS,
            "longest wait of all; a store that asks for more is not tried again"),
    MOUNT_RETRY_BUDGET("mounts.PREFIX.retry.budget", "", Kind.FRACTION, "0.2", 0, Units.ONE,
            "retries for each first try: a failing store is asked so much more, not attempts times as much"),
    MOUNT_BREAKER_FAILURES("mounts.PREFIX.breaker.failures", "", Kind.COUNT, "5", 1, 1_000_000,
            "failures in a row after which the store is asked no more; not found and forbidden are none"),
    MOUNT_BREAKER_OPEN("mounts.PREFIX.breaker.open", "", Kind.DURATION, "30s", 1, Units.HOUR_MS,
            "for how long; meanwhile loads fail at once, or what is stale is served"),
    MOUNT_BREAKER_HALF_OPEN("mounts.PREFIX.breaker.halfOpen", "", Kind.COUNT, "3", 1, 1024,
            "calls at a time that then try whether it is back, and successes that show it"),
    MOUNT_ALLOW_PRIVATE("mounts.PREFIX.allowPrivate", "", Kind.BOOLEAN, "false", 0, 0,
            "a web server may be a private or loopback address, and redirect to one"),
    MOUNT_READ_ONLY("mounts.PREFIX.readOnly", "", Kind.BOOLEAN, "false", 0, 0,
            "refuses writes and deletions");

    /** How the text of a value is read. */
    public enum Kind {
        PATH, TEXT, PROFILE, DURATION, DURATION_OR_OFF, SIZE, ENDPOINT, COUNT, FRACTION, STORE, BOOLEAN, SWITCH
    }

    private static final String MOUNT_KEY = "mounts.PREFIX.";
    private static final String OFF = "off";

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

    /** Last parts of a mount's key, {@code ttl} or {@code retry.base}. */
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

    /** Default of a number, as {@link #parse(String)} gives it. */
    long defaultLong() {
        return parse(defaultText);
    }

    /**
     * A size in bytes, a duration in milliseconds, a count, or millionths; 0 for a duration that is off; and
     * {@link Units#MALFORMED} when the text is none of them.
     */
    long parse(String text) {
        return switch (kind) {
            case SIZE -> Units.sizeOf(text);
            case DURATION -> Units.durationMsOf(text);
            case DURATION_OR_OFF -> text.equals(OFF) ? 0 : Units.durationMsOf(text);
            case COUNT -> Units.countOf(text);
            case FRACTION -> Units.millionthsOf(text);
            default -> throw new IllegalStateException("setting=" + key + " is no number");
        };
    }

    /** How a number of this kind is written, in words that follow {@code key=value}. */
    String form() {
        return switch (kind) {
            case SIZE -> "expected a size such as 64MiB (B, KiB, MiB, GiB, TiB)";
            case DURATION -> "expected a duration such as 250ms (ms, s, m, h, d)";
            case DURATION_OR_OFF -> "expected off, or a duration such as 250ms (ms, s, m, h, d)";
            case FRACTION -> "expected a number from 0 to 1";
            default -> "expected a whole number";
        };
    }

    /** A number as a value would be written. */
    String text(long value) {
        return switch (kind) {
            case SIZE -> Units.size(value);
            case DURATION -> Units.duration(value);
            case DURATION_OR_OFF -> value == 0 ? OFF : Units.duration(value);
            case FRACTION -> Units.fraction(value);
            default -> Long.toString(value);
        };
    }

    /** {@code key=value} of a number, for messages. */
    String assignment(long value) {
        return key + "=" + text(value);
    }

    /** Why a number is out of range, in words that follow {@code key=value}; empty when it is in range. */
    String defectOf(long value) {
        boolean isOff = kind == Kind.DURATION_OR_OFF && value == 0;
        return isOff || (value >= minimum && value <= maximum) ? "" : "expected " + range();
    }

    /** The values that are taken, in words. */
    public String range() {
        return switch (kind) {
            case PATH -> "a path";
            case TEXT -> minimum + " to " + maximum + " characters";
            case PROFILE -> "compact, shared or dedicated";
            case DURATION, SIZE, COUNT, FRACTION -> text(minimum) + " to " + text(maximum);
            case DURATION_OR_OFF -> "off, or " + text(minimum) + " to " + text(maximum);
            case ENDPOINT -> "HOST:PORT or off";
            case STORE -> "a URI without credentials";
            case BOOLEAN -> "true or false";
            case SWITCH -> "on or off";
        };
    }

    /** Length bounds of a text. */
    boolean holds(String text) {
        return text.length() >= minimum && text.length() <= maximum;
    }
}
