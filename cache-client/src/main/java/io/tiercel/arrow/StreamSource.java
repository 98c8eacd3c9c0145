package io.tiercel.arrow;

import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Messages of an IPC stream: the schema, then dictionaries and batches one after the other. */
final class StreamSource implements MessageSource {
    private final FrameMemory memory;
    private final Schema schema;
    private long offset;

    StreamSource(FrameMemory memory) {
        this.memory = memory;
        IpcMessage first = IpcMessage.ofStream(memory, 0);
        if (first == null || first.header().headerType() != MessageHeader.Schema) {
            throw Corruption.of("stream does not begin with a schema");
        }
        this.schema = SchemaReader.read((org.apache.arrow.flatbuf.Schema) first.header()
                .header(new org.apache.arrow.flatbuf.Schema()), first.header().version());
        this.offset = first.end();
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public @Nullable IpcMessage current() {
        return IpcMessage.ofStream(memory, offset);
    }

    @Override
    public void advance(IpcMessage current) {
        offset = current.end();
    }
}
