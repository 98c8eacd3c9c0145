package io.tiercel.segment;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.mapped.LockFile;
import io.tiercel.mapped.ReaderDescriptor;
import io.tiercel.mapped.ReaderFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * {@code readers/}: who may map, and which slots their leases hold. Single writer: the shard agent.
 *
 * <p>A reader's pins count from the grant until its lock is found free, also those of clients that were left by a node
 * before: a stopped process keeps what it leased. A lock that is free means that its owner is dead or gone, for the
 * kernel dropped it. Lock files stay, since an unlinked one could be locked by one and remade by another.
 */
public final class ReaderDirectory implements AutoCloseable {
    /** No reader's number. */
    public static final int NO_READER = -1;

    private final Path directory;
    private final int slotCapacity;
    private final long incarnation;
    private final int maxReaders;
    private final long pinQuota;
    private ReaderEntry[] entries = new ReaderEntry[0];
    private int checkCursor;
    private int touchCursor;
    private int quotaCursor;

    private ReaderDirectory(Path directory, int slotCapacity, int maxReaders, long pinQuota, long incarnation) {
        this.directory = directory;
        this.slotCapacity = slotCapacity;
        this.maxReaders = maxReaders;
        this.pinQuota = pinQuota;
        this.incarnation = incarnation;
    }

    /**
     * Takes the folder over: files of dead readers go, pins of living ones count.
     *
     * @param pinQuota bytes of segment files that the leases of one reader may keep: what its client is told.
     */
    public static ReaderDirectory open(Path directory, int slotCapacity, int maxReaders, long pinQuota,
            long incarnation) throws IOException {
        Files.createDirectories(directory);
        ReaderDirectory readers = new ReaderDirectory(directory, slotCapacity, maxReaders, pinQuota, incarnation);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                readers.adopt(file);
            }
        }
        return readers;
    }

    private void adopt(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        if (!name.matches("\\d{1,5}")) {
            return;
        }
        int number = Integer.parseInt(name);
        if (LockFile.isHeld(lockPath(number))) {
            ReaderEntry entry = entry(number);
            entry.state = ReaderEntry.State.LEAVING;
            entry.isLeftOver = true;
            entry.file = openLeftover(file);
        } else {
            Files.delete(file);
        }
    }

    /** A file that its owner made unreadable pins nothing: the owner harms itself alone. */
    private static @Nullable ReaderFile openLeftover(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer header = ByteBuffer.allocate(ReaderDescriptor.PINS_OFFSET).order(ByteOrder.LITTLE_ENDIAN);
            if (channel.read(header, 0) < ReaderDescriptor.PINS_OFFSET) {
                return null;
            }
            int slots = header.getInt(ReaderDescriptor.SLOT_CAPACITY_OFFSET);
            long most = (channel.size() - ReaderDescriptor.PINS_OFFSET) / Long.BYTES;
            return slots <= 0 || slots > most ? null : ReaderFile.open(file, slots);
        } catch (IOException e) {
            return null;
        }
    }

    /**
     * Makes the file of a free number.
     *
     * @throws TiercelException OVERLOADED when all numbers are taken, NO_SPACE when the disk is full.
     */
    public int grant() {
        try {
            for (int number = 0; number < maxReaders; number++) {
                ReaderEntry entry = entry(number);
                if (entry.state == ReaderEntry.State.FREE && !LockFile.isHeld(lockPath(number))) {
                    Files.deleteIfExists(path(number));
                    DiskSpace.reserve(path(number), ReaderDescriptor.fileLength(slotCapacity));
                    entry.file = ReaderFile.create(path(number), slotCapacity, number, incarnation, pinQuota);
                    entry.state = ReaderEntry.State.GRANTED;
                    entry.isLeftOver = false;
                    entry.isRevoked = false;
                    entry.touchPosition = 0L;
                    return number;
                }
            }
        } catch (NoSpaceException e) {
            throw new TiercelException(ErrorCode.NO_SPACE, "cannot make a reader file: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new TiercelException(ErrorCode.INTERNAL, "cannot make a reader file: " + e.getMessage(), e);
        }
        throw new TiercelException(ErrorCode.OVERLOADED,
                "every reader number is taken: clients.maxMapped=" + maxReaders + "; read streamed or raise it");
    }

    /** Whether the client of a granted number holds its lock. */
    public boolean attach(int number) {
        ReaderEntry entry = known(number);
        if (entry == null || entry.isRevoked || entry.state == ReaderEntry.State.FREE
                || entry.state == ReaderEntry.State.LEAVING) {
            return false;
        }
        boolean held = isHeld(number);
        if (held && entry.state == ReaderEntry.State.GRANTED) {
            entry.state = ReaderEntry.State.ATTACHED;
        }
        return held && entry.state == ReaderEntry.State.ATTACHED;
    }

    /** The client's session is over; an unknown number is ignored. */
    public void release(int number) {
        ReaderEntry entry = known(number);
        if (entry != null && entry.state != ReaderEntry.State.FREE) {
            if (entry.state == ReaderEntry.State.DEAD) {
                entry.state = ReaderEntry.State.FREE;
            } else {
                entry.state = ReaderEntry.State.LEAVING;
                clearIfDead(entry);
            }
        }
    }

    /** Looks at one reader's lock: files of the dead go. Answers the number of readers cleared. */
    public int checkNext() {
        for (int i = 0; i < entries.length; i++) {
            checkCursor = (checkCursor + 1) % entries.length;
            ReaderEntry entry = entries[checkCursor];
            // The lock of a number just granted is left alone: the client may be taking it at this moment.
            if (entry.state == ReaderEntry.State.ATTACHED || entry.state == ReaderEntry.State.LEAVING) {
                return clearIfDead(entry) ? 1 : 0;
            }
        }
        return 0;
    }

    private boolean clearIfDead(ReaderEntry entry) {
        if (isHeld(entry.number)) {
            return false;
        }
        boolean deleted = drop(entry) || entry.isRevoked;
        entry.state = entry.state == ReaderEntry.State.ATTACHED ? ReaderEntry.State.DEAD : ReaderEntry.State.FREE;
        return deleted;
    }

    private boolean drop(ReaderEntry entry) {
        if (entry.file != null) {
            entry.file.close();
            entry.file = null;
        }
        return path(entry.number).toFile().delete();
    }

    /**
     * The next reader in turn that this node granted and whose pins count, or {@link #NO_READER}: one whose client was
     * told its quota.
     */
    public int nextGranted() {
        for (int i = 0; i < entries.length; i++) {
            quotaCursor = (quotaCursor + 1) % entries.length;
            ReaderEntry entry = entries[quotaCursor];
            if (entry.file != null && !entry.isLeftOver) {
                return entry.number;
            }
        }
        return NO_READER;
    }

    /**
     * Counts a reader's pins no more, for good: its file goes, so that no later node counts them either, and its number is
     * not handed on before its lock is free.
     */
    public void revoke(int number) {
        ReaderEntry entry = known(number);
        if (entry != null && !entry.isRevoked && entry.state != ReaderEntry.State.FREE) {
            entry.isRevoked = true;
            drop(entry);
        }
    }

    /** Whether a reader was revoked, and its session has not been told over. */
    public boolean isRevoked(int number) {
        ReaderEntry entry = known(number);
        return entry != null && entry.isRevoked && entry.state != ReaderEntry.State.FREE;
    }

    /** Hands on what readers noted that they read, at most {@code limit} in all, in turn. Answers how many. */
    public int drainTouches(int limit, ReaderFile.TouchHandler handler) {
        int drained = 0;
        for (int i = 0; i < entries.length && drained < limit; i++) {
            touchCursor = (touchCursor + 1) % entries.length;
            ReaderEntry entry = entries[touchCursor];
            if (entry.file != null && entry.state == ReaderEntry.State.ATTACHED) {
                long before = entry.touchPosition;
                entry.touchPosition = entry.file.drainTouches(before, limit - drained, handler);
                drained += Math.clamp(entry.touchPosition - before, 0, limit - drained);
            }
        }
        return drained;
    }

    /**
     * Looks no more into files that their owners have cut short: what they still read is their own affair. To be called
     * after an {@link InternalError}, which such a file ends a read of, at the read or some steps later. Answers how many
     * there were; with none of them the error is not of a reader's making.
     */
    public int forgetCutShort() {
        int count = 0;
        for (ReaderEntry entry : entries) {
            ReaderFile file = entry.file;
            if (file != null && path(entry.number).toFile().length() < ReaderDescriptor.fileLength(file
                    .slotCapacity())) {
                entry.file = null;
                count++;
            }
        }
        return count;
    }

    /** Whether any reader's pins count in a slot. To be asked after the slot's generation was raised. */
    public boolean isPinned(int slot) {
        for (ReaderEntry entry : entries) {
            if (isPinnedBy(entry, slot)) {
                return true;
            }
        }
        return false;
    }

    /** Whether that reader's pins count in a slot. */
    public boolean isPinnedBy(int number, int slot) {
        ReaderEntry entry = known(number);
        return entry != null && isPinnedBy(entry, slot);
    }

    /** How often a reader opened a slot, as it says; 0 for one whose pins do not count. */
    long openings(int number) {
        ReaderEntry entry = known(number);
        ReaderFile file = entry == null ? null : entry.file;
        return file == null ? 0L : file.openingsVolatile();
    }

    private static boolean isPinnedBy(ReaderEntry entry, int slot) {
        ReaderFile file = entry.file;
        if (file == null || slot >= file.slotCapacity()) {
            return false;
        }
        try {
            return file.pinsVolatile(slot) != 0L;
        } catch (InternalError e) {
            // Its owner has cut the file short. What it still reads is its own affair.
            entry.file = null;
            return false;
        }
    }

    /** Unmaps all; files of readers that live stay for the node after us. */
    @Override
    public void close() {
        for (ReaderEntry entry : entries) {
            if (entry.state != ReaderEntry.State.FREE && !clearIfDead(entry) && entry.file != null) {
                entry.file.close();
                entry.file = null;
            }
        }
    }

    private boolean isHeld(int number) {
        try {
            return LockFile.isHeld(lockPath(number));
        } catch (IOException e) {
            return true; // what cannot be told is taken for alive
        }
    }

    private @Nullable ReaderEntry known(int number) {
        return number >= 0 && number < entries.length ? entries[number] : null;
    }

    private ReaderEntry entry(int number) {
        if (number >= entries.length) {
            int known = entries.length;
            entries = java.util.Arrays.copyOf(entries, number + 1);
            for (int i = known; i <= number; i++) {
                entries[i] = new ReaderEntry(i);
            }
        }
        return entries[number];
    }

    private Path path(int number) {
        return directory.resolve(Integer.toString(number));
    }

    private Path lockPath(int number) {
        return directory.resolve(number + ".lock");
    }
}
