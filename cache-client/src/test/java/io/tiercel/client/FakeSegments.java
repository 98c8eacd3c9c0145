package io.tiercel.client;

import static io.tiercel.mapped.FrameDescriptor.ALIGNMENT;
import static io.tiercel.mapped.FrameDescriptor.DEAD;
import static io.tiercel.mapped.FrameDescriptor.LIVE;
import static io.tiercel.mapped.FrameDescriptor.WRITING;

import io.tiercel.Key;
import io.tiercel.mapped.ControlFile;
import io.tiercel.mapped.FrameDescriptor;
import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.mapped.MappedFile;
import io.tiercel.mapped.SegmentDescriptor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;

/** The segment files of a fake node: frames go into slot after slot, and die, as a test says. Not threadsafe. */
final class FakeSegments implements AutoCloseable {
    static final int SEGMENT_LENGTH = 1 << 20;

    private final Path folder;
    private final ControlFile control;
    private final Map<Integer, MappedFile> files = new HashMap<>();
    private int currentSlot;
    private int tail = SegmentDescriptor.HEADER_LENGTH;
    private long lastGeneration;
    private long lastSequence;

    FakeSegments(Path dir, ControlFile control, long firstGeneration) throws IOException {
        this.folder = Files.createDirectories(dir.resolve("segments"));
        this.control = control;
        this.lastGeneration = firstGeneration;
        create(0, SEGMENT_LENGTH);
    }

    /** Makes the slot's file anew: a higher file generation, nothing in it. */
    void create(int slot, int length) throws IOException {
        long generation = ++lastGeneration;
        control.generationVolatile(slot, generation);
        MappedFile old = files.remove(slot);
        if (old != null) {
            old.close();
        }
        Path path = folder.resolve(SegmentDescriptor.fileName(slot));
        Files.deleteIfExists(path);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(length);
        }
        MappedFile mapped = MappedFile.openWritable(path);
        UnsafeBuffer buffer = mapped.buffer();
        buffer.putInt(SegmentDescriptor.LAYOUT_VERSION_OFFSET, SegmentDescriptor.LAYOUT_VERSION,
                ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(SegmentDescriptor.SLOT_OFFSET, slot, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(SegmentDescriptor.GENERATION_OFFSET, generation, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(SegmentDescriptor.FILE_GENERATION_OFFSET, generation, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(SegmentDescriptor.FILE_LENGTH_OFFSET, length, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(SegmentDescriptor.MAGIC_OFFSET, SegmentDescriptor.MAGIC, ByteOrder.LITTLE_ENDIAN);
        files.put(slot, mapped);
        control.fileLength(slot, length);
        control.fileGenerationVolatile(slot, generation);
        currentSlot = slot;
        tail = SegmentDescriptor.HEADER_LENGTH;
    }

    /** Appends a live frame to the current slot, or to the next when it is full. */
    Place append(Key key, byte[] payload, String etag, String contentType, long expiresAtMs) throws IOException {
        byte[] etagBytes = etag.getBytes(StandardCharsets.US_ASCII);
        byte[] typeBytes = contentType.getBytes(StandardCharsets.US_ASCII);
        int metadataLength = 2 + etagBytes.length + typeBytes.length;
        long length = FrameDescriptor.frameLength(key.length(), metadataLength, payload.length);
        if (tail + length > file(currentSlot).length()) {
            long needed = SegmentDescriptor.HEADER_LENGTH + length;
            create(currentSlot + 1, (int) Math.max(SEGMENT_LENGTH, needed));
        }
        UnsafeBuffer segment = file(currentSlot).buffer();
        FrameFlyweight frame = new FrameFlyweight().wrap(segment, tail);
        frame.lengths(key.length(), metadataLength, payload.length).sequence(++lastSequence).expiresAtMs(expiresAtMs)
                .lastModifiedMs(1_700_000_000_000L);
        segment.putBytes(frame.keyOffset(), key.buffer(), 0, key.length());
        frame.headerCrc(frame.computeHeaderCrc(generation(currentSlot)));
        frame.stateRelease(WRITING);
        segment.putByte(frame.metadataOffset(), (byte) etagBytes.length);
        segment.putBytes(frame.metadataOffset() + 1, etagBytes);
        segment.putByte(frame.metadataOffset() + 1 + etagBytes.length, (byte) typeBytes.length);
        segment.putBytes(frame.metadataOffset() + 2 + etagBytes.length, typeBytes);
        segment.putBytes(frame.payloadOffset(), payload);
        frame.metadataCrc(frame.computeMetadataCrc()).payloadCrc(crc32c(payload));
        frame.stateRelease(LIVE);
        Place place = place(currentSlot, tail, lastSequence, expiresAtMs);
        tail += (int) length;
        assert tail % ALIGNMENT == 0;
        return place;
    }

    private Place place(int slot, int offset, long sequence, long expiresAtMs) {
        return new Place(slot, offset, generation(slot), control.fileGenerationVolatile(slot), file(slot).length(),
                sequence, control.invalidationEpochVolatile(), expiresAtMs, Served.MAPPED);
    }

    private long generation(int slot) {
        return control.generationVolatile(slot);
    }

    void kill(Place place) {
        new FrameFlyweight().wrap(file(place.slot()).buffer(), place.frameOffset()).stateRelease(DEAD);
    }

    /** Raises the slot's generation, as reclaim does first. */
    void raiseGeneration(int slot) {
        control.generationVolatile(slot, ++lastGeneration);
    }

    /** Overwrites a frame's bytes, as reuse does last. */
    void poison(Place place, byte value, int length) {
        file(place.slot()).buffer().setMemory(place.frameOffset(), length, value);
    }

    MappedFile file(int slot) {
        MappedFile file = files.get(slot);
        if (file == null) {
            throw new IllegalArgumentException("no segment in slot=" + slot);
        }
        return file;
    }

    int currentSlot() {
        return currentSlot;
    }

    static int crc32c(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return (int) crc.getValue();
    }

    @Override
    public void close() {
        files.values().forEach(MappedFile::close);
        files.clear();
    }
}
