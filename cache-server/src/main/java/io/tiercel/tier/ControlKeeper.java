package io.tiercel.tier;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.mapped.ControlDescriptor;
import io.tiercel.mapped.ControlFile;
import io.tiercel.segment.DiskSpace;
import io.tiercel.segment.NoSpaceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens {@code control} at a start, so that generations go on rising whatever becomes of its size. Stateless. */
final class ControlKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(ControlKeeper.class);

    /** No node gets there by counting: a control file that has more is damaged or forged. */
    private static final long MOST_GENERATIONS = 1L << 62;

    private ControlKeeper() {}

    /** Refuses a file that a newer build wrote; touches nothing. */
    static void refuseNewer(Path file) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        ByteBuffer header = ByteBuffer.allocate(ControlDescriptor.SLOT_CAPACITY_OFFSET)
                .order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.read(header, 0);
        }
        int version = header.getInt(ControlDescriptor.LAYOUT_VERSION_OFFSET);
        if (header.getLong(0) == ControlDescriptor.MAGIC && version > ControlDescriptor.LAYOUT_VERSION) {
            throw newer(file, "layoutVersion=" + version + ", this build reads " + ControlDescriptor.LAYOUT_VERSION);
        }
    }

    static TiercelException newer(Path file, String versions) {
        return new TiercelException(ErrorCode.CORRUPT, file + " is of a newer build, " + versions
                + ": start that build, or take another directory");
    }

    /** Pid of the last node that opened the directory, 0 when it cannot be told. */
    static long pidOf(Path file) {
        try (ControlFile control = ControlFile.open(file, false)) {
            return control.pid();
        } catch (IOException e) {
            return 0L;
        }
    }

    /**
     * The file with at least that many slots. Nobody is served from it, nor from one that it replaces: their incarnation is
     * 0.
     *
     * @throws io.tiercel.segment.NoSpaceException when the disk is full.
     */
    static ControlFile open(Path file, int leastSlots) throws IOException {
        ControlFile before = tryOpen(file);
        if (before != null) {
            before.incarnationVolatile(0L);
            if (before.slotCapacity() >= leastSlots && before.hasFilter()) {
                return before;
            }
        }
        try {
            return remake(file, before == null ? leastSlots : Math.max(leastSlots, before.slotCapacity()), before);
        } finally {
            if (before != null) {
                before.close();
            }
        }
    }

    private static @Nullable ControlFile tryOpen(Path file) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            DiskSpace.reserve(file, Files.size(file));
            return checked(file, ControlFile.open(file, true));
        } catch (NoSpaceException e) {
            throw e;
        } catch (IOException e) {
            LOG.warn("made anew: {}", e.getMessage());
            endIncarnation(file);
            return null;
        }
    }

    /**
     * Tells clients that still hold a file, which nobody will write again, that its node serves no more: their repeat reads
     * would not see what is invalidated and reclaimed from now on. The field is where it is in every version.
     */
    private static void endIncarnation(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(Long.BYTES), ControlDescriptor.INCARNATION_OFFSET);
        }
    }

    private static ControlFile checked(Path file, ControlFile control) throws IOException {
        for (int slot = 0; slot < control.slotCapacity(); slot++) {
            long generation = control.generationVolatile(slot);
            if (generation < 0 || generation > MOST_GENERATIONS) {
                control.close();
                throw new IOException(file + ": slot=" + slot + " has generation=" + generation);
            }
        }
        return control;
    }

    private static ControlFile remake(Path file, int slots, @Nullable ControlFile before) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        DiskSpace.reserve(unfinished, ControlDescriptor.fileLength(slots));
        ControlFile control = ControlFile.create(unfinished, slots);
        if (before != null) {
            control.invalidationEpochVolatile(before.invalidationEpochVolatile());
            control.clockMsOpaque(before.clockMsOpaque());
            control.clockMomentNs(before.clockMomentNs());
            control.boot(before.boot());
            for (int slot = 0; slot < before.slotCapacity(); slot++) {
                control.generationVolatile(slot, before.generationVolatile(slot));
            }
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return control;
    }
}
