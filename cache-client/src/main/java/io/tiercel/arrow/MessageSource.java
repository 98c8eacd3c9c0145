package io.tiercel.arrow;

import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** The messages of a frame in the order in which they must be loaded: dictionaries before the batches that use them. */
interface MessageSource {
    /** As on the wire: dictionary-encoded fields have the type of their values. */
    Schema schema();

    /** The message to load next, of type RecordBatch or DictionaryBatch; null at the end. */
    @Nullable
    IpcMessage current();

    /** Goes on behind the current message, once it has been loaded. */
    void advance(IpcMessage current);
}
