package io.tiercel.client;

import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.mapped.ControlFile;
import io.tiercel.mapped.FrameDescriptor;
import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.mapped.LockFile;
import io.tiercel.mapped.MappedFile;
import io.tiercel.mapped.ReadOnlySegment;
import io.tiercel.mapped.ReaderFile;
import io.tiercel.mapped.SegmentDescriptor;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a mapped session reads through: the control file, this client's reader file with its lock, the segments mapped
 * so far, and the descriptors of frames read before. Threadsafe.
 *
 * <p>It outlives its session: open frames keep their pins, and the node honours them while the lock is held, so the
 * lock is given up with the last lease and not before. Control and reader file are never unmapped by hand, since a
 * thread may be about to pin at any time; the collector unmaps them when neither a client nor a frame refers to them.
 */
final class ReaderRegion {
    /** How a place given by the node turned out. */
    enum Admission {
        /** The frame is open. */
        OPENED,
        /** It moved or died meanwhile: ask again. */
        STALE,
        /** Its segment cannot be mapped here: ask for its bytes. */
        UNMAPPABLE
    }

    private final Path segmentsDir;
    private final ControlFile control;
    private final ReaderFile reader;
    private final PinQuota quota;
    private final LockFile lock;
    private final long incarnation;
    private final int maxMappings;
    private final Consumer<Throwable> errorHandler;
    private final DescriptorCache descriptors;
    private final AtomicReferenceArray<@Nullable SegmentMapping> mappings;

    // Guarded by this.
    private final List<SegmentMapping> retired = new ArrayList<>();
    private int mapped;
    private int hand;
    private boolean isAttached;
    private boolean isRetired;
    private boolean isUnlocked;

    ReaderRegion(TiercelClient.Context context, Path nodeDir, ControlFile control, ReaderFile reader, LockFile lock,
            long incarnation) {
        this.segmentsDir = nodeDir.resolve("segments");
        this.control = control;
        this.reader = reader;
        this.quota = new PinQuota(reader);
        this.lock = lock;
        this.incarnation = incarnation;
        this.maxMappings = context.maxMappings();
        this.errorHandler = context.errorHandler();
        this.descriptors = new DescriptorCache(context.nearCacheEntries());
        this.mappings = new AtomicReferenceArray<>(control.slotCapacity());
    }

    /**
     * Opens the frame if it was read before and is still the key's value: without the node, lock or allocation, and notes
     * that it was read.
     *
     * @throws TiercelException NO_SPACE when the client's pin quota has no room for its segment.
     */
    boolean tryOpen(Key key, Frame into) {
        Descriptor known = descriptors.find(key);
        if (known == null) {
            return false;
        }
        SegmentMapping mapping = known.mapping();
        int slot = mapping.slot();
        try {
            if (!reader.pin(slot) && !tryPinClosed(known, mapping)) {
                return false;
            }
            boolean holds = isServable(known, mapping);
            if (holds) {
                reader.touch(slot, known.frameOffset(), known.generation());
                into.open(mapping, known.info(), known.payloadOffset(), Served.MAPPED);
            } else {
                mapping.release();
                descriptors.remove(known);
            }
            return holds;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** After a pin that did not count. A segment that is no longer what the descriptor means is not opened for it. */
    private boolean tryPinClosed(Descriptor known, SegmentMapping mapping) {
        int slot = mapping.slot();
        unpin(slot);
        if (mapping.isRetired() || control.generationVolatile(slot) != known.generation()) {
            descriptors.remove(known);
            return false;
        }
        quota.pin(slot, mapping.length(), known.info().key());
        return true;
    }

    /** With the slot pinned: every load here comes after that fence. */
    private boolean isServable(Descriptor known, SegmentMapping mapping) {
        long expiresAtMs = known.info().expiresAtMs();
        return !mapping.isRetired() && control.incarnationVolatile() == incarnation
                && control.generationVolatile(mapping.slot()) == known.generation()
                && FrameFlyweight.stateVolatile(mapping.memory(), known.frameOffset()) == FrameDescriptor.LIVE
                && (expiresAtMs == 0L || control.clockMsOpaque() < expiresAtMs) && isCurrent(known);
    }

    /** Whether nothing that was invalidated since covers the key: the epoch says so, or the filter after it. */
    private boolean isCurrent(Descriptor known) {
        long checkedAt = known.checkedAtEpoch();
        long epoch = control.invalidationEpochVolatile();
        return epoch == checkedAt || isUntouched(known, checkedAt, epoch);
    }

    private boolean isUntouched(Descriptor known, long checkedAt, long epoch) {
        int[] places = known.filterPlaces();
        // The incarnation last: the filter is kept by its node alone, and the next one raises the epoch at its start.
        boolean isUntouched = places != null && control.isUntouched(places, checkedAt)
                && control.incarnationVolatile() == incarnation;
        if (isUntouched) {
            known.checkedAtEpoch(epoch);
        }
        return isUntouched;
    }

    /**
     * Opens the frame at a place that the node has just named, after comparing all that it says with the files.
     *
     * @throws TiercelException NO_SPACE as {@link #tryOpen}.
     */
    Admission tryAdmit(Key key, Place place, Frame into) {
        int slot = place.slot();
        if (slot < 0 || slot >= mappings.length()) {
            return refused(key, place, "no such slot");
        }
        if (place.fileLength() < SegmentDescriptor.HEADER_LENGTH) {
            return refused(key, place, "no such file");
        }
        quota.pin(slot, place.fileLength(), key);
        Admission admission = Admission.STALE;
        try {
            if (control.generationVolatile(slot) == place.generation()
                    && control.fileGenerationVolatile(slot) == place.fileGeneration()) {
                admission = admitPinned(key, place, into);
            }
        } finally {
            if (admission != Admission.OPENED) {
                unpin(slot);
            }
            Reference.reachabilityFence(this);
        }
        return admission;
    }

    private Admission admitPinned(Key key, Place place, Frame into) {
        SegmentMapping mapping = mappingOf(place);
        if (mapping == null) {
            return Admission.UNMAPPABLE;
        }
        if (mapping.isRetired()) {
            return Admission.STALE;
        }
        FrameFlyweight frame = new FrameFlyweight().wrap(mapping.memory(), place.frameOffset());
        if (!frame.isInBounds()) {
            return refused(key, place, "out of bounds");
        }
        int state = frame.stateVolatile();
        if (state != FrameDescriptor.LIVE) {
            return state == FrameDescriptor.DEAD ? Admission.STALE : refused(key, place, "state=" + state);
        }
        if (frame.sequence() != place.sequence() || !frame.keyEquals(key.buffer(), 0, key.length())
                || !frame.isHeaderIntact(place.generation())) {
            return refused(key, place, "another frame lies there");
        }
        FrameInfo info = new FrameInfo(key, frame.etag(), frame.contentType(), frame.payloadLength(),
                frame.lastModifiedMs(), place.expiresAtMs(frame.expiresAtMs()));
        Descriptor descriptor = new Descriptor(info, mapping, place.frameOffset(), frame.payloadOffset(),
                place.generation(), control.filterPlaces(key.buffer(), 0, key.length(), incarnation),
                place.checkedAtEpoch());
        if (!isServable(descriptor, mapping)) {
            return Admission.STALE;
        }
        descriptors.put(descriptor);
        into.open(mapping, info, descriptor.payloadOffset(), place.served());
        return Admission.OPENED;
    }

    private Admission refused(Key key, Place place, String defect) {
        errorHandler.accept(new IllegalStateException("descriptor of " + key + " is refused: " + defect + ": "
                + place));
        return Admission.UNMAPPABLE;
    }

    private void unpin(int slot) {
        if (reader.unpin(slot) == 0L) {
            SegmentMapping mapping = mappings.get(slot);
            if (mapping != null && mapping.isRetired()) {
                mapping.tryUnmap();
            }
            leaseEnded();
        }
    }

    /** With the slot pinned at the place's generation, so that the file is there; null when it cannot be mapped. */
    private @Nullable SegmentMapping mappingOf(Place place) {
        SegmentMapping mapping = mappings.get(place.slot());
        return mapping != null && mapping.fileGeneration() == place.fileGeneration() && !mapping.isRetired()
                ? mapping
                : map(place);
    }

    private synchronized @Nullable SegmentMapping map(Place place) {
        int slot = place.slot();
        SegmentMapping old = mappings.get(slot);
        if (isRetired || (old != null && old.fileGeneration() == place.fileGeneration() && !old.isRetired())) {
            return isRetired ? null : old;
        }
        if (old != null) {
            retire(old);
        }
        if (mapped >= maxMappings && !retireUnpinned()) {
            return null;
        }
        try {
            MappedFile file = ReadOnlySegment.open(segmentsDir, slot, place.fileGeneration(), place.fileLength());
            SegmentMapping made = new SegmentMapping(this, reader, file, slot, place.fileGeneration());
            mappings.set(slot, made);
            mapped++;
            return made;
        } catch (IOException e) {
            errorHandler.accept(e);
            return null;
        }
    }

    /** Gives up a mapping that no lease holds, going round, to stay within the bound. */
    private boolean retireUnpinned() {
        for (int tries = 0; tries < mappings.length(); tries++) {
            hand = (hand + 1) % mappings.length();
            SegmentMapping candidate = mappings.get(hand);
            if (candidate != null && reader.pinsVolatile(hand) == 0L) {
                retire(candidate);
                return true;
            }
        }
        return false;
    }

    private void retire(SegmentMapping mapping) {
        mapping.retire();
        mappings.set(mapping.slot(), null);
        mapped--;
        if (!mapping.tryUnmap()) {
            retired.add(mapping);
        }
    }

    /** Unmaps what the node has replaced or nobody holds any more. Answers how many mappings went. */
    synchronized int reap() {
        int before = mapped + retired.size();
        for (int slot = 0; slot < mappings.length(); slot++) {
            SegmentMapping mapping = mappings.get(slot);
            if (mapping != null && mapping.fileGeneration() != control.fileGenerationVolatile(slot)) {
                retire(mapping);
            }
        }
        retired.removeIf(SegmentMapping::tryUnmap);
        return before - mapped - retired.size();
    }

    /** The node knows that the lock is held: from here on there may be leases. */
    synchronized void attached() {
        isAttached = true;
    }

    /** The session is over: no new lease from here on; what is held stays until it is closed. */
    synchronized void retire() {
        if (isRetired) {
            return;
        }
        isRetired = true;
        descriptors.clear();
        for (int slot = 0; slot < mappings.length(); slot++) {
            SegmentMapping mapping = mappings.get(slot);
            if (mapping != null) {
                retire(mapping);
            }
        }
        unlockIfUnused();
    }

    /** A slot's last pin is gone. */
    synchronized void leaseEnded() {
        if (isRetired) {
            retired.removeIf(SegmentMapping::tryUnmap);
            unlockIfUnused();
        }
    }

    /** Segments mapped now. */
    synchronized int mappedCount() {
        return mapped + retired.size();
    }

    /**
     * The node may clear the reader once the lock is free, so every lease must be over. Before it was attached there was
     * none: what is pinned then are leases of an owner before, whom the number was taken from and given to another.
     */
    private void unlockIfUnused() {
        if (!isUnlocked && (!isAttached || reader.isUnpinned())) {
            isUnlocked = true;
            try {
                lock.close();
            } catch (IOException e) {
                errorHandler.accept(e);
            }
        }
    }
}
