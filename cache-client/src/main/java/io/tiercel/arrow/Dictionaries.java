package io.tiercel.arrow;

import io.tiercel.arrow.MemoryFormat.DictionaryField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.util.VectorBatchAppender;
import org.jspecify.annotations.Nullable;

/**
 * The dictionaries of a frame. A dictionary's values are wrapped like any batch's, until a delta comes: appending writes,
 * so the values move to memory of the allocator first.
 */
final class Dictionaries implements DictionaryProvider, AutoCloseable {
    private final BufferAllocator allocator;
    private final long maxLength;
    private final Map<Long, Entry> entries = new HashMap<>();

    private static final class Entry {
        private final DictionaryField field;
        private final Columns columns;
        private final Dictionary dictionary;
        private boolean isLoaded;
        private boolean isOwned;

        Entry(DictionaryField field, BufferAllocator allocator) {
            this.field = field;
            this.columns = Columns.of(field.values(), allocator);
            this.dictionary = new Dictionary(columns.first(), field.encoding());
        }

        FieldVector vector() {
            return columns.first();
        }
    }

    Dictionaries(Map<Long, DictionaryField> fields, BufferAllocator allocator, long maxLength) {
        this.allocator = allocator;
        this.maxLength = maxLength;
        fields.forEach((id, field) -> entries.put(id, new Entry(field, allocator)));
    }

    @Override
    public @Nullable Dictionary lookup(long id) {
        Entry entry = entries.get(id);
        return entry == null ? null : entry.dictionary;
    }

    @Override
    public Set<Long> getDictionaryIds() {
        return Set.copyOf(entries.keySet());
    }

    /** Number of values that indices may name. */
    int valueCount(long id) {
        Entry entry = entries.get(id);
        Corruption.unless(entry != null && entry.isLoaded, "dictionary " + id + " missing");
        return entry == null ? 0 : entry.vector().getValueCount();
    }

    /** Sets, replaces (unless the format forbids it) or extends a dictionary. On failure it has no values. */
    void load(@Nullable DictionaryBatch batch, IpcMessage message, BatchLoader loader, Verification verification,
            boolean mayReplace) {
        Entry entry = batch == null ? null : entries.get(batch.id());
        if (batch == null || entry == null) {
            throw Corruption.of("dictionary that no field names");
        }
        FieldVector vector = entry.vector();
        if (batch.isDelta() && entry.isLoaded && vector.getValueCount() > 0) {
            append(entry, batch, message, loader);
            return;
        }
        Corruption.unless(mayReplace || !entry.isLoaded || batch.isDelta(), "file replaces dictionary " + batch.id());
        entry.isLoaded = false;
        loader.load(batch.data(), message, entry.columns, verification);
        entry.isOwned = false;
        entry.isLoaded = true;
    }

    private void append(Entry entry, DictionaryBatch batch, IpcMessage message, BatchLoader loader) {
        FieldVector vector = entry.vector();
        entry.isLoaded = false;
        Columns columns = Columns.of(entry.field.values(), allocator);
        try (VectorSchemaRoot root = columns.root()) {
            // Appending copies by raw addresses taken from the offsets, so they are all looked at.
            loader.load(batch.data(), message, columns, Verification.VALUES);
            FieldVector delta = columns.first();
            Corruption.within((long) vector.getBufferSize() + delta.getBufferSize(), maxLength,
                    "dictionary with deltas");
            if (!entry.isOwned) {
                own(entry.columns);
                entry.isOwned = true;
            }
            if (root.getRowCount() > 0) {
                VectorBatchAppender.batchAppend(vector, delta);
            }
        } catch (UnsupportedOperationException | ClassCastException e) {
            throw Corruption.unsupported("delta dictionary of " + vector.getField().getType());
        }
        entry.isLoaded = true;
    }

    private void own(Columns columns) {
        List<ArrowBuf> copies = new ArrayList<>();
        boolean isGivenAway = false;
        try (ArrowRecordBatch shared = new VectorUnloader(columns.root()).getRecordBatch()) {
            for (ArrowBuf buffer : shared.getBuffers()) {
                ArrowBuf copy = allocator.buffer(buffer.readableBytes());
                copies.add(copy);
                copy.setBytes(0, buffer, buffer.readerIndex(), buffer.readableBytes());
                copy.writerIndex(buffer.readableBytes());
            }
            ArrowRecordBatch own = new ArrowRecordBatch(shared.getLength(), shared.getNodes(), copies,
                    NoCompressionCodec.DEFAULT_BODY_COMPRESSION, shared.getVariadicBufferCounts(), false, false);
            isGivenAway = true;
            try (own) {
                new VectorLoader(columns.root()).load(own);
            }
        } finally {
            if (!isGivenAway) {
                copies.forEach(ArrowBuf::close);
            }
        }
    }

    @Override
    public void close() {
        entries.values().forEach(entry -> entry.columns.root().close());
    }
}
