package io.tiercel.arrow;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An Arrow IPC stream or file read in place: the vectors of {@link #root()} lie in the frame's own bytes.
 *
 * <pre>{@code
 * try (ArrowFrame arrow = ArrowFrames.open(frame, allocator)) {
 *     while (arrow.next()) {
 *         IntVector delays = (IntVector) arrow.root().getVector("delay");
 *         ...
 *     }
 * }
 * }</pre>
 *
 * <p><b>Read only.</b> The vectors may lie in memory mapped for reading: any method that writes to them or to their
 * buffers ({@code set}, {@code setValueCount}, {@code reset}, ...) can end the process. Transfer, slice and copy freely.
 *
 * <p><b>Lifetime.</b> The root is loaded anew by each {@link #next()}, as with Arrow's own readers. What was transferred
 * out of it, and every buffer retained, stays valid when this object and its root are closed, in whatever order; the
 * hold on the frame is closed by the release of the last of them. Only the allocator must be closed after all of them.
 *
 * <p><b>Memory.</b> The allocator accounts for the frame's whole length while it is held, though none of it is
 * allocated. Allocated are: what compressed bodies unfold to; one bit a row, once, where columns come without validity;
 * dictionaries that are extended by deltas. {@link Context#maxUnfoldedLength} bounds it for each batch.
 *
 * <p><b>Errors.</b> {@link TiercelException}: CORRUPT for bytes that break the format, NOT_SUPPORTED for legal ones that
 * are beyond this reader (big-endian data, metadata before V4, unions in V4), TOO_LARGE beyond the bound, NO_SPACE when
 * the allocator is full. The position stays, the root is empty.
 *
 * <p>Not threadsafe.
 */
public final class ArrowFrame implements DictionaryProvider, AutoCloseable {
    /** The number of batches of a stream, which is known only at its end. */
    public static final int UNKNOWN_COUNT = -1;

    private final FrameMemory memory;
    private final MessageSource source;
    private final @Nullable FileSource file;
    private final Columns columns;
    private final Dictionaries dictionaries;
    private final BatchLoader loader;
    private final Verification verification;
    private boolean isClosed;

    private ArrowFrame(FrameMemory memory, Context context) {
        BufferAllocator allocator = context.requiredAllocator();
        this.memory = memory;
        this.file = FileSource.isFile(memory) ? new FileSource(memory) : null;
        this.source = file == null ? new StreamSource(memory) : file;
        this.verification = context.verification();
        MemoryFormat format = MemoryFormat.of(source.schema());
        this.columns = Columns.of(format.schema(), allocator);
        this.dictionaries = new Dictionaries(format.dictionaries(), allocator, context.maxUnfoldedLength());
        this.loader = new BatchLoader(memory, allocator, dictionaries, context.maxUnfoldedLength());
    }

    /**
     * Opens the bytes at an absolute address and reads their schema, no batch yet.
     *
     * @param hold keeps the bytes valid and unchanged until it is closed, which happens once, by any thread, also when
     *            opening fails.
     */
    public static ArrowFrame open(long address, long length, AutoCloseable hold, Context context) {
        FrameMemory memory = FrameMemory.wrap(address, length, hold, context);
        ArrowFrame opened = null;
        try {
            opened = new ArrowFrame(memory, context);
            return opened;
        } catch (RuntimeException e) {
            throw Corruption.of(e);
        } finally {
            if (opened == null) {
                memory.close();
            }
        }
    }

    /** Opens a range of a buffer of direct or mapped memory. */
    public static ArrowFrame open(DirectBuffer buffer, int offset, int length, AutoCloseable hold, Context context) {
        buffer.boundsCheck(offset, length);
        if (buffer.byteArray() != null) {
            throw new IllegalArgumentException("buffer is on the heap, expected direct or mapped memory");
        }
        return open(buffer.addressOffset() + offset, length, hold, context);
    }

    /** Schema of the root: dictionary-encoded fields have the type of their indices. */
    public Schema schema() {
        return columns.root().getSchema();
    }

    /** The current batch; empty before the first and after the last. The same object always. */
    public VectorSchemaRoot root() {
        return columns.root();
    }

    /** Key-value pairs in the footer of a file; those of the schema are in the schema. */
    public Map<String, String> customMetadata() {
        return file == null ? Map.of() : file.customMetadata();
    }

    /** Whether these are the bytes of an IPC file, whose batches can be read in any order. */
    public boolean isFile() {
        return file != null;
    }

    /** Number of record batches of a file, {@link #UNKNOWN_COUNT} of a stream. */
    public int batchCount() {
        return file == null ? UNKNOWN_COUNT : file.batchCount();
    }

    /**
     * Makes a batch of a file the one that {@link #next()} loads.
     *
     * @param batch 0 to {@link #batchCount()}, the latter being the end.
     */
    public void seek(int batch) {
        ensureOpen();
        if (file == null) {
            throw new IllegalStateException("a stream is read in its order, only a file can seek");
        }
        file.seek(batch);
    }

    /** Loads the next batch into the root, and before it any dictionaries it needs. False at the end. */
    public boolean next() {
        ensureOpen();
        boolean isLoaded = false;
        try {
            isLoaded = loadNext();
            return isLoaded;
        } catch (RuntimeException e) {
            throw Corruption.of(e);
        } finally {
            if (!isLoaded) {
                columns.root().clear();
            }
        }
    }

    private boolean loadNext() {
        for (IpcMessage message = source.current(); message != null; message = source.current()) {
            byte type = message.header().headerType();
            if (type == MessageHeader.RecordBatch) {
                RecordBatch batch = (RecordBatch) message.header().header(new RecordBatch());
                loader.load(batch, message, columns, verification);
                source.advance(message);
                return true;
            }
            Corruption.unless(type == MessageHeader.DictionaryBatch, "message of type=" + type + " among batches");
            DictionaryBatch batch = (DictionaryBatch) message.header().header(new DictionaryBatch());
            dictionaries.load(batch, message, loader, verification, file == null);
            source.advance(message);
        }
        return false;
    }

    /** The dictionary of an id, as the batch in the root needs it; without values before the first batch. */
    @Override
    public @Nullable Dictionary lookup(long id) {
        return dictionaries.lookup(id);
    }

    @Override
    public Set<Long> getDictionaryIds() {
        return dictionaries.getDictionaryIds();
    }

    private void ensureOpen() {
        if (isClosed) {
            throw new IllegalStateException("Arrow frame is closed");
        }
    }

    /** Closes root and dictionaries and gives up the frame, as far as nothing else refers to it. Idempotent. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            AutoCloseables.close(columns.root(), dictionaries, loader, memory);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("Arrow frame could not be closed", e);
        }
    }

    /** How to read a frame. Not threadsafe; one may serve many frames. */
    public static final class Context {
        private static final long DEFAULT_MAX_UNFOLDED_LENGTH = 1L << 30;

        private @Nullable BufferAllocator allocator;
        private Verification verification = Verification.STRUCTURE;
        private long maxUnfoldedLength = DEFAULT_MAX_UNFOLDED_LENGTH;

        public @Nullable BufferAllocator allocator() {
            return allocator;
        }

        /** Accounts for the frame and gives what must be allocated. Required. */
        public Context allocator(BufferAllocator allocator) {
            this.allocator = allocator;
            return this;
        }

        public Verification verification() {
            return verification;
        }

        /** What is proved of each batch; {@link Verification#VALUES} for bytes from strangers. Default STRUCTURE. */
        public Context verification(Verification verification) {
            this.verification = verification;
            return this;
        }

        public long maxUnfoldedLength() {
            return maxUnfoldedLength;
        }

        /** Most bytes that one batch may have allocated, and one dictionary with its deltas. Default 1 GiB. */
        public Context maxUnfoldedLength(long length) {
            this.maxUnfoldedLength = length;
            return this;
        }

        /**
         * Checks the whole.
         *
         * @throws TiercelException with BAD_CONFIGURATION, naming the value.
         */
        public Context conclude() {
            reject(allocator == null, "allocator=null, expected Arrow's");
            reject(maxUnfoldedLength < 0, "maxUnfoldedLength=" + maxUnfoldedLength + ", expected 0 or more");
            if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
                throw Corruption.unsupported("this machine is big-endian");
            }
            return this;
        }

        BufferAllocator requiredAllocator() {
            return Objects.requireNonNull(allocator, "allocator");
        }

        private static void reject(boolean isBad, String what) {
            if (isBad) {
                throw new TiercelException(ErrorCode.BAD_CONFIGURATION, what);
            }
        }
    }
}
