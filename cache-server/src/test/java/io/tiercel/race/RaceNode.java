package io.tiercel.race;

import io.tiercel.Key;
import io.tiercel.client.Frame;
import io.tiercel.client.RegionFixture;
import io.tiercel.invalidation.Journal;
import io.tiercel.mapped.ControlDescriptor;
import io.tiercel.mapped.ControlFile;
import io.tiercel.mapped.FrameDescriptor;
import io.tiercel.mapped.FrameFlyweight;
import io.tiercel.mapped.LockFile;
import io.tiercel.mapped.MappedFile;
import io.tiercel.mapped.ReadOnlySegment;
import io.tiercel.mapped.ReaderFile;
import io.tiercel.segment.DiskSpace;
import io.tiercel.segment.FrameAppender;
import io.tiercel.segment.FrameChecksum;
import io.tiercel.segment.FrameSpec;
import io.tiercel.segment.ReaderDirectory;
import io.tiercel.segment.Segment;
import io.tiercel.segment.SegmentFile;
import io.tiercel.segment.SegmentPreparer;
import io.tiercel.segment.SegmentState;
import io.tiercel.segment.SegmentTable;
import io.tiercel.tier.InvalidationsFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The least node that a race can be run on: control file, readers, two segments of a page; and one attached client. Used
 * again from race to race, since files are dear. Between races it is one thread's, in a race what its classes say.
 */
final class RaceNode {
    /** Outcome of a look: nothing there. */
    static final int NOTHING = 0;
    /** Outcome of a look: all as it was written. */
    static final int WHOLE = 1;
    /** Outcome of a look: other bytes. */
    static final int WRONG = 2;

    static final Key KEY = Key.of("a/b/key");
    static final Key PREFIX = Key.of("a/b");
    static final String ETAG = "\"etag\"";

    /** Nodes of a process: more than states that are alive at one time. */
    private static final int COUNT = 128;
    private static final int SLOTS = 2;
    private static final int READERS = 2;
    private static final int SEGMENT_LENGTH = 4096;
    private static final int PAYLOAD_LENGTH = 256;
    private static final int LOOKS = 2;
    private static final Path HOME = Path.of(System.getProperty("tiercel.race.dir", System.getProperty(
            "java.io.tmpdir")), "race-" + ProcessHandle.current().pid());
    /** Of all nodes, since it has a thread; no race asks it for anything. */
    private static final SegmentPreparer PREPARER = new SegmentPreparer(HOME, 1L);
    private static final @Nullable RaceNode[] NODES = new RaceNode[COUNT];
    private static final AtomicInteger TAKEN = new AtomicInteger();

    final ControlFile control;
    final ReaderDirectory readers;
    final SegmentTable table;
    private final Path dir;
    private final Segment[] segments = new Segment[SLOTS];
    private final MappedFile[] views = new MappedFile[SLOTS];
    private final FrameAppender appender = new FrameAppender(new FrameChecksum());
    private final FrameFlyweight written = new FrameFlyweight();
    private @Nullable RegionFixture client;
    private @Nullable RaceReader bareReader;
    private @Nullable InvalidationsFixture invalidations;
    private boolean isTaken;
    private long sequence;
    private int frameOffset;

    private RaceNode(Path dir) throws IOException {
        this.dir = dir;
        Path folder = Files.createDirectories(dir.resolve("segments"));
        DiskSpace.reserve(dir.resolve("control"), ControlDescriptor.fileLength(SLOTS));
        this.control = ControlFile.create(dir.resolve("control"), SLOTS);
        control.beginIncarnation(1L);
        this.readers = ReaderDirectory.open(dir.resolve("readers"), SLOTS, READERS, Long.MAX_VALUE, 1L);
        this.table = new SegmentTable(control, readers, PREPARER, 1L);
        for (int slot = 0; slot < SLOTS; slot++) {
            SegmentFile file = SegmentFile.create(folder, slot, 1L, SEGMENT_LENGTH, 1L);
            segments[slot] = table.install(slot, file, 1L, 1L, SegmentState.FREE);
            views[slot] = ReadOnlySegment.open(folder, slot, 1L, SEGMENT_LENGTH);
        }
    }

    /** A node that is in no race, for the caller until it is {@link #free}. */
    static synchronized RaceNode take() {
        int index = TAKEN.getAndIncrement() % COUNT;
        try {
            RaceNode node = NODES[index];
            if (node == null) {
                node = new RaceNode(HOME.resolve(Integer.toString(index)));
                NODES[index] = node;
            }
            if (node.isTaken) {
                throw new IllegalStateException("more states are alive than nodes=" + COUNT);
            }
            node.isTaken = true;
            return node;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The race is over. */
    void free() {
        synchronized (RaceNode.class) {
            isTaken = false;
        }
    }

    Path dir() {
        return dir;
    }

    Segment segment(int slot) {
        return segments[slot];
    }

    int frameOffset() {
        return frameOffset;
    }

    /** What the frame of a slot's generation is filled with. */
    byte value(int slot) {
        return (byte) segments[slot].generation();
    }

    /** A slot's segment, of a new generation, empty, for frames to be appended. */
    Segment emptied(int slot) {
        Segment segment = segments[slot];
        if (segment.state() == SegmentState.ACTIVE) {
            table.seal(segment);
        }
        if (segment.state() == SegmentState.SEALED) {
            table.beginReclaim(segment);
        }
        if (segment.state() == SegmentState.RECLAIMING && !tryRecycle(segment)) {
            throw new IllegalStateException("a pin is left in slot=" + slot + " after its race");
        }
        table.activate(segment);
        return segment;
    }

    private boolean tryRecycle(Segment segment) {
        boolean quiet = table.isQuiet(segment);
        if (quiet) {
            table.recycle(segment);
        }
        return quiet;
    }

    /** Takes the room of a frame in an empty segment; nobody sees it. */
    void append(int slot) {
        frameOffset = appender.append(emptied(slot), new FrameSpec(KEY, ETAG.length(), "", PAYLOAD_LENGTH,
                control.invalidationEpochVolatile(), 0L, 0L, 1L));
    }

    /** Writes the payload of what was appended, then publishes it. */
    void publish(int slot) {
        Segment segment = segments[slot];
        segment.buffer().setMemory(written.wrap(segment.buffer(), frameOffset).payloadOffset(), PAYLOAD_LENGTH,
                value(slot));
        appender.publish(segment, frameOffset, ++sequence, value(slot), ETAG);
    }

    /** A sealed segment with one live frame. */
    void publishSealed() {
        append(0);
        publish(0);
        table.seal(segments[0]);
    }

    /** Looks at a frame as a client does that has been told its place, through a mapping of its own. */
    int look(int slot, int offset, byte value) {
        FrameFlyweight frame = new FrameFlyweight().wrap(views[slot].buffer(), offset);
        if (frame.stateVolatile() != FrameDescriptor.LIVE) {
            return NOTHING;
        }
        boolean whole = frame.isInBounds() && frame.keyEquals(KEY.buffer(), 0, KEY.length())
                && frame.sequence() > 0L && frame.payloadCrc() == value && frame.etag().equals(ETAG);
        return whole && isFilled(slot, frame.payloadOffset(), value) ? WHOLE : WRONG;
    }

    /** Whether a payload, read through a client's mapping, has one value. */
    boolean isFilled(int slot, int payloadOffset, byte value) {
        UnsafeBuffer view = views[slot].buffer();
        for (int i = 0; i < PAYLOAD_LENGTH; i++) {
            if (view.getByte(payloadOffset + i) != value) {
                return false;
            }
        }
        return true;
    }

    /** The client, which knows where the frame in the first slot lies. */
    RegionFixture informedClient() {
        RegionFixture known = client;
        if (known == null) {
            known = RaceReader.attached(this).region();
            client = known;
        }
        inform(known);
        return known;
    }

    /** A client that does as it likes. */
    RaceReader bareReader() {
        RaceReader known = bareReader;
        if (known == null) {
            known = RaceReader.attached(this);
            bareReader = known;
        }
        return known;
    }

    /** Invalidations, with none remembered. */
    InvalidationsFixture sweptInvalidations() {
        synchronized (RaceNode.class) {
            InvalidationsFixture known = invalidations;
            if (known == null) {
                known = new InvalidationsFixture(control, SharedJournal.JOURNAL);
                invalidations = known;
            }
            known.sweep();
            return known;
        }
    }

    /** One for all nodes of the process: its room on the disk is dear, and one thread at a time plays the node. */
    private static final class SharedJournal {
        private static final Journal JOURNAL = InvalidationsFixture.journal(HOME.resolve("journal"));
    }

    void inform(RegionFixture asking) {
        Segment segment = segments[0];
        if (!asking.admit(KEY, frameOffset, segment.generation(), segment.fileGeneration(), SEGMENT_LENGTH, sequence,
                control.invalidationEpochVolatile())) {
            throw new IllegalStateException("a fresh frame was not opened");
        }
    }

    /** A read as a client repeats it; its bytes are looked at twice. */
    static int read(RegionFixture client, Frame frame, byte value) {
        if (!client.tryOpen(KEY, frame)) {
            return NOTHING;
        }
        try (frame) {
            boolean whole = true;
            for (int look = 0; look < LOOKS; look++) {
                whole &= RegionFixture.holdsOnly(frame, value);
            }
            return whole ? WHOLE : WRONG;
        }
    }

    /** Reclaims the first slot's segment, and writes other bytes there when nobody holds it. Answers whether it did. */
    boolean reclaim() {
        Segment segment = segments[0];
        table.beginReclaim(segment);
        boolean isFree = tryRecycle(segment);
        if (isFree) {
            segment.buffer().setMemory(written.wrap(segment.buffer(), frameOffset).payloadOffset(), PAYLOAD_LENGTH,
                    value(0));
        }
        return isFree;
    }

    ReaderFile readerFile(int number) {
        try {
            return ReaderFile.open(dir.resolve("readers").resolve(Integer.toString(number)), SLOTS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    LockFile lock(int number) {
        try {
            return Objects.requireNonNull(LockFile.tryAcquire(dir.resolve("readers").resolve(number + ".lock")),
                    "the lock of a number just granted");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void attach(int number) {
        if (!readers.attach(number)) {
            throw new IllegalStateException("reader=" + number + " has its lock, and is not attached");
        }
    }
}
