package io.tiercel.mapped;

import static io.tiercel.mapped.ControlDescriptor.*;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The mapped {@code control} file: written by the node's shard thread, read by every client on the host.
 *
 * <p>Single writer; any thread may read. The writer's stores of incarnation, epoch and generation are volatile, since
 * what it does next (acknowledge, reuse memory) must not be seen before them.
 */
public final class ControlFile implements AutoCloseable {
    private final MappedFile file;
    private final UnsafeBuffer buffer;
    private final int slotCapacity;
    private final @Nullable InvalidationFilter filter;

    private ControlFile(MappedFile file) {
        this.file = file;
        this.buffer = file.buffer();
        this.slotCapacity = buffer.getInt(SLOT_CAPACITY_OFFSET, ByteOrder.LITTLE_ENDIAN);
        int entries = buffer.getInt(FILTER_ENTRIES_OFFSET, ByteOrder.LITTLE_ENDIAN);
        this.filter = entries == 0 ? null : new InvalidationFilter(buffer, filterOffset(slotCapacity), entries);
    }

    /**
     * Writes the header of a file whose space is reserved already, and maps it. Slots keep what they hold.
     *
     * @throws IOException when the file is shorter than its slots need.
     */
    public static ControlFile create(Path path, int slotCapacity) throws IOException {
        MappedFile mapped = MappedFile.openWritable(path);
        if (mapped.length() < ControlDescriptor.fileLength(slotCapacity)) {
            mapped.close();
            throw new IOException(path + " is too short for slotCapacity=" + slotCapacity);
        }
        UnsafeBuffer buffer = mapped.buffer();
        buffer.putInt(LAYOUT_VERSION_OFFSET, LAYOUT_VERSION, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(SLOT_CAPACITY_OFFSET, slotCapacity, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(FILTER_ENTRIES_OFFSET, FILTER_ENTRIES, ByteOrder.LITTLE_ENDIAN);
        buffer.putLongVolatile(MAGIC_OFFSET, MAGIC);
        return new ControlFile(mapped);
    }

    /**
     * Maps an existing file, read-only for clients.
     *
     * @throws IOException when it is missing, foreign, of another layout version or shorter than it says.
     */
    public static ControlFile open(Path path, boolean writable) throws IOException {
        MappedFile mapped = writable ? MappedFile.openWritable(path) : MappedFile.openReadOnly(path);
        String defect = defectOf(mapped);
        if (!defect.isEmpty()) {
            mapped.close();
            throw new IOException(path + " is not usable: " + defect);
        }
        return new ControlFile(mapped);
    }

    private static String defectOf(MappedFile mapped) {
        UnsafeBuffer buffer = mapped.buffer();
        if (mapped.length() < SLOT_TABLE_OFFSET) {
            return "length=" + mapped.length();
        }
        if (buffer.getLongVolatile(MAGIC_OFFSET) != MAGIC) {
            return "not a Tiercel control file";
        }
        int version = buffer.getInt(LAYOUT_VERSION_OFFSET, ByteOrder.LITTLE_ENDIAN);
        if (version != LAYOUT_VERSION) {
            return "layoutVersion=" + version + ", this build reads " + LAYOUT_VERSION;
        }
        int slots = buffer.getInt(SLOT_CAPACITY_OFFSET, ByteOrder.LITTLE_ENDIAN);
        if (slots <= 0 || slots > MAX_SLOTS || mapped.length() < slotOffset(slots)) {
            return "slotCapacity=" + slots + " with length=" + mapped.length();
        }
        int entries = buffer.getInt(FILTER_ENTRIES_OFFSET, ByteOrder.LITTLE_ENDIAN);
        boolean isSize = entries > 1 && entries <= MAX_FILTER_ENTRIES && Integer.bitCount(entries) == 1;
        if (entries != 0 && (!isSize || mapped.length() < filterOffset(slots) + (long) entries * Long.BYTES)) {
            return "slotCapacity=" + slots + ", filterEntries=" + entries + " with length=" + mapped.length();
        }
        return "";
    }

    public int slotCapacity() {
        return slotCapacity;
    }

    public long incarnationVolatile() {
        return buffer.getLongVolatile(INCARNATION_OFFSET);
    }

    public void incarnationVolatile(long incarnation) {
        buffer.putLongVolatile(INCARNATION_OFFSET, incarnation);
    }

    public long nonce() {
        return buffer.getLong(NONCE_OFFSET);
    }

    public void nonce(long nonce) {
        buffer.putLong(NONCE_OFFSET, nonce);
    }

    public long pid() {
        return buffer.getLong(PID_OFFSET);
    }

    public void pid(long pid) {
        buffer.putLong(PID_OFFSET, pid);
    }

    public long invalidationEpochVolatile() {
        return buffer.getLongVolatile(INVALIDATION_EPOCH_OFFSET);
    }

    public void invalidationEpochVolatile(long epoch) {
        buffer.putLongVolatile(INVALIDATION_EPOCH_OFFSET, epoch);
    }

    /** Whether there is room for the filter: not in a file of a build that knew none. */
    public boolean hasFilter() {
        return filter != null;
    }

    /**
     * From here on clients believe what they read. Every invalidation of the incarnation goes through the filter, if the file
     * has one, before its epoch is seen.
     */
    public void beginIncarnation(long incarnation) {
        buffer.putLongVolatile(FILTER_KEEPER_OFFSET, incarnation);
        incarnationVolatile(incarnation);
    }

    /**
     * Where in the filter a key is looked up, null when the node of that incarnation keeps none. Allocates; the places hold
     * as long as the file is open.
     */
    public int @Nullable [] filterPlaces(DirectBuffer key, int offset, int length, long ofIncarnation) {
        return filter != null && buffer.getLongVolatile(FILTER_KEEPER_OFFSET) == ofIncarnation
                ? filter.places(key, offset, length)
                : null;
    }

    /**
     * Notes an invalidation, <em>before</em> the epoch is raised to it.
     *
     * @param prefix of no bytes when it covers every key.
     */
    public void filterInvalidation(DirectBuffer prefix, int offset, int length, long epoch) {
        if (filter != null) {
            filter.raise(prefix, offset, length, epoch);
        }
    }

    /**
     * Whether certainly nothing has invalidated the key of these places after an epoch and up to the one that
     * {@link #invalidationEpochVolatile()} told <em>before</em>. Allocates nothing.
     */
    public boolean isUntouched(int[] filterPlaces, long sinceEpoch) {
        return filter != null && !filter.mayCover(filterPlaces, sinceEpoch);
    }

    public long clockMsOpaque() {
        return buffer.getLongOpaque(CLOCK_OFFSET);
    }

    public void clockMsOpaque(long nowMs) {
        buffer.putLongOpaque(CLOCK_OFFSET, nowMs);
    }

    /** Monotonic time of the machine, in ns, at which the clock was set; with {@link #boot()}. */
    public long clockMomentNs() {
        return buffer.getLongOpaque(CLOCK_MOMENT_OFFSET);
    }

    public void clockMomentNs(long monotonicNs) {
        buffer.putLongOpaque(CLOCK_MOMENT_OFFSET, monotonicNs);
    }

    /** A number of the boot of the machine in which the clock was set; 0 for unknown. */
    public long boot() {
        return buffer.getLong(BOOT_OFFSET);
    }

    public void boot(long number) {
        buffer.putLong(BOOT_OFFSET, number);
    }

    public long beatOpaque() {
        return buffer.getLongOpaque(BEAT_OFFSET);
    }

    public void beatOpaque(long beat) {
        buffer.putLongOpaque(BEAT_OFFSET, beat);
    }

    /** Folder of the media driver that same-host clients use. */
    public String aeronDir() {
        return text(AERON_DIR_OFFSET, AERON_DIR_MAX_LENGTH);
    }

    public void aeronDir(String directory) {
        text(AERON_DIR_OFFSET, AERON_DIR_MAX_LENGTH, directory);
    }

    /** {@code HOST:PORT} that answers over UDP, or empty. */
    public String udpEndpoint() {
        return text(UDP_ENDPOINT_OFFSET, UDP_ENDPOINT_MAX_LENGTH);
    }

    public void udpEndpoint(String endpoint) {
        text(UDP_ENDPOINT_OFFSET, UDP_ENDPOINT_MAX_LENGTH, endpoint);
    }

    public long generationVolatile(int slot) {
        return buffer.getLongVolatile(slotOffset(slot) + SLOT_GENERATION_OFFSET);
    }

    /** The store after which no new lease of the slot's older generation succeeds; a full fence follows it. */
    public void generationVolatile(int slot, long generation) {
        buffer.putLongVolatile(slotOffset(slot) + SLOT_GENERATION_OFFSET, generation);
    }

    public long fileGenerationVolatile(int slot) {
        return buffer.getLongVolatile(slotOffset(slot) + SLOT_FILE_GENERATION_OFFSET);
    }

    public void fileGenerationVolatile(int slot, long generation) {
        buffer.putLongVolatile(slotOffset(slot) + SLOT_FILE_GENERATION_OFFSET, generation);
    }

    public long fileLength(int slot) {
        return buffer.getLong(slotOffset(slot) + SLOT_FILE_LENGTH_OFFSET);
    }

    public void fileLength(int slot, long length) {
        buffer.putLong(slotOffset(slot) + SLOT_FILE_LENGTH_OFFSET, length);
    }

    @Override
    public void close() {
        file.close();
    }

    private String text(int offset, int maxLength) {
        int length = buffer.getInt(offset, ByteOrder.LITTLE_ENDIAN);
        if (length < 0 || length > maxLength) {
            return "";
        }
        byte[] bytes = new byte[length];
        buffer.getBytes(offset + Integer.BYTES, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void text(int offset, int maxLength, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > maxLength) {
            throw new IllegalArgumentException("text too long for the control file: length=" + bytes.length
                    + " expected at most " + maxLength + ": " + value);
        }
        buffer.putBytes(offset + Integer.BYTES, bytes);
        buffer.putInt(offset, bytes.length, ByteOrder.LITTLE_ENDIAN);
    }
}
