package io.tiercel.index;

import io.tiercel.segment.DiskSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import net.openhft.chronicle.core.shutdown.PriorityHook;
import net.openhft.chronicle.hash.ChronicleHashClosedException;
import net.openhft.chronicle.hash.Data;
import net.openhft.chronicle.hash.serialization.SizeMarshaller;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import net.openhft.chronicle.map.MapAbsentEntry;
import net.openhft.chronicle.map.MapEntry;
import net.openhft.chronicle.map.MapEntryOperations;
import org.jspecify.annotations.Nullable;

/**
 * The index in a Chronicle Map of one segment, since it has one writer, of fixed-size entries: what the first tier of
 * that segment holds is exactly the capacity, so that within it the file never grows after its space was reserved.
 *
 * <p>Single writer: the shard agent. A map that was not closed is never opened: a killed process leaves its locks.
 */
public final class ChronicleIndex implements FrameIndex {
    /** Told of each entry; the place is valid during the call. */
    @FunctionalInterface
    public interface Visitor {
        void onEntry(long hash, FramePlace place);
    }

    /** Bytes that an entry takes in the file, roughly. */
    public static final int ENTRY_LENGTH = 48;

    private static final long FIXED_LENGTH = 1L << 16;
    private static final AtomicBoolean HOOK_TRIED = new AtomicBoolean();

    static {
        // Chronicle reports home and writes banners unless told not to; the launcher's flags may be missing in tests.
        for (String property : new String[]{"chronicle.analytics.disable", "chronicle.announcer.disable"}) {
            if (System.getProperty(property) == null) {
                System.setProperty(property, "true");
            }
        }
    }

    private final ChronicleMap<IndexKey, FramePlace> map;
    private final Counting entries;
    private final long capacity;
    private final IndexKey key = new IndexKey();
    private final FramePlace scratch = new FramePlace();

    private ChronicleIndex(ChronicleMap<IndexKey, FramePlace> map, Counting entries, long capacity) {
        this.map = map;
        this.entries = entries;
        this.capacity = capacity;
        entries.count = map.longSize();
    }

    /**
     * Makes an empty index in place of any file there is.
     *
     * @throws io.tiercel.segment.NoSpaceException when the disk has no room for it.
     */
    public static ChronicleIndex create(Path file, long capacity) throws IOException {
        reserve(file, capacity);
        return open(file, capacity);
    }

    /**
     * Puts an empty file in the place of any there is, and takes the room of an index for it, so that {@link #open} makes
     * one there. Chronicle makes a sparse file, and would find out that there is no room by writing to it.
     *
     * @throws io.tiercel.segment.NoSpaceException when the disk has no room for it; nothing is left of the file.
     */
    public static void reserve(Path file, long capacity) throws IOException {
        Files.deleteIfExists(file);
        boolean reserved = false;
        try {
            DiskSpace.reserveAhead(file, FIXED_LENGTH + capacity * ENTRY_LENGTH);
            reserved = true;
        } finally {
            if (!reserved) {
                Files.deleteIfExists(file);
            }
        }
    }

    /**
     * Opens the index that a clean stop left, or makes one in an empty file.
     *
     * @throws IOException when it is not one of that capacity, or damaged; it can be created anew then.
     */
    public static ChronicleIndex open(Path file, long capacity) throws IOException {
        ChronicleMap<IndexKey, FramePlace> map;
        Counting entries = new Counting();
        registerHook();
        try {
            map = builder(capacity, entries).createPersistedTo(file.toFile());
        } catch (RuntimeException e) {
            throw new IOException("cannot open the index " + file + ": " + e.getMessage(), e);
        }
        try {
            DiskSpace.reserve(file, Files.size(file));
            return new ChronicleIndex(map, entries, capacity);
        } catch (IOException | RuntimeException e) {
            map.close();
            throw e;
        }
    }

    /**
     * Chronicle registers a shutdown hook with its first map, and fails where the JVM stops by then; once it has tried it
     * does not try again. So it tries before. Not as this class is loaded: its core takes long to load, and a start waits
     * for the class.
     */
    private static void registerHook() {
        if (HOOK_TRIED.compareAndSet(false, true)) {
            try {
                PriorityHook.add(Integer.MAX_VALUE, () -> {});
            } catch (IllegalStateException e) {
                // The JVM stops already: there is nothing to be run when it begins to.
                return;
            }
        }
    }

    /** Chronicle would close the map as the JVM begins to stop, under a node that still answers what is under way. */
    private static ChronicleMapBuilder<IndexKey, FramePlace> builder(long capacity, Counting entries) {
        PlaceMarshaller places = new PlaceMarshaller();
        return ChronicleMapBuilder.of(IndexKey.class, FramePlace.class).name("tiercel").keyReaderAndDataAccess(
                new IndexKey.Reader(), new IndexKey.Access()).keySizeMarshaller(SizeMarshaller.constant(
                        IndexKey.LENGTH)).valueMarshaller(places)
                .valueSizeMarshaller(SizeMarshaller.constant(FramePlace.LENGTH)).entries(capacity).actualSegments(1)
                .checksumEntries(false).skipCloseOnExitHook(true).entryOperations(entries).putReturnsNull(true)
                .removeReturnsNull(true);
    }

    @Override
    public boolean find(long hash, FramePlace out) {
        return map.getUsing(aim(hash), out) != null;
    }

    @Override
    public boolean put(long hash, FramePlace place) {
        if (entries.count >= capacity && !find(hash, scratch)) {
            return false;
        }
        map.put(aim(hash), place);
        return true;
    }

    @Override
    public void remove(long hash) {
        map.remove(aim(hash));
    }

    /** Visits every entry, in no order. Allocates: not for serving. */
    public void forEach(Visitor visitor) {
        map.forEach((entry, place) -> visitor.onEntry(entry.hash, place));
    }

    private IndexKey aim(long hash) {
        key.hash = hash;
        return key;
    }

    @Override
    public long count() {
        return entries.count;
    }

    @Override
    public long capacity() {
        return capacity;
    }

    @Override
    public void close() {
        try {
            map.close();
        } catch (ChronicleHashClosedException e) {
            throw new IllegalStateException("index closed twice", e);
        }
    }

    /** Counts the entries as they come and go: to ask the map for one before each change would be a look-up more. */
    private static final class Counting implements MapEntryOperations<IndexKey, FramePlace, @Nullable Void> {
        private long count;

        @Override
        public @Nullable Void insert(MapAbsentEntry<IndexKey, FramePlace> absent, Data<FramePlace> place) {
            absent.doInsert(place);
            count++;
            return null;
        }

        @Override
        public @Nullable Void remove(MapEntry<IndexKey, FramePlace> entry) {
            entry.doRemove();
            count--;
            return null;
        }
    }
}
