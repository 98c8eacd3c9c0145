package io.tiercel.arrow;

import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * One encapsulated message inside a frame; its body is known to lie inside as well.
 *
 * <pre>
 *  [0xFFFFFFFF, since 0.15] [int length] [metadata of that length: a flatbuffer, padded] [body]
 * </pre>
 *
 * <p>A view: valid as long as the memory it was read from is open.
 */
record IpcMessage(Message header, long bodyOffset, long bodyLength) {
    private static final int CONTINUATION = -1;

    /** The message at an offset of a stream, or null where the stream ends, by its mark or by the end of the bytes. */
    static @Nullable IpcMessage ofStream(FrameMemory memory, long offset) {
        if (offset == memory.length()) {
            return null;
        }
        long metadataOffset = metadataOffset(memory, offset);
        int metadataLength = memory.intAt(metadataOffset - Integer.BYTES);
        if (metadataLength == 0) {
            return null;
        }
        Corruption.within(metadataLength, memory.length() - metadataOffset, "metadata length");
        Message header = header(memory, metadataOffset, metadataLength);
        return ofParts(memory, header, metadataOffset + metadataLength, header.bodyLength());
    }

    /** The message that a file's footer points to; the lengths are the footer's. */
    static IpcMessage ofBlock(FrameMemory memory, long offset, int prefixedLength, long bodyLength) {
        Corruption.within(offset, memory.length(), "block offset");
        Corruption.within(prefixedLength, memory.length() - offset, "block metadata length");
        long metadataOffset = metadataOffset(memory, offset);
        int metadataLength = (int) (offset + prefixedLength - metadataOffset);
        Message header = header(memory, metadataOffset, metadataLength);
        return ofParts(memory, header, offset + prefixedLength, bodyLength);
    }

    private static long metadataOffset(FrameMemory memory, long offset) {
        return offset + (memory.intAt(offset) == CONTINUATION ? 2 * Integer.BYTES : Integer.BYTES);
    }

    private static Message header(FrameMemory memory, long offset, int length) {
        Message header = Message.getRootAsMessage(memory.metadata(offset, length));
        checkVersion(header.version());
        return header;
    }

    private static IpcMessage ofParts(FrameMemory memory, Message header, long bodyOffset, long bodyLength) {
        Corruption.within(bodyLength, memory.length() - bodyOffset, "body length");
        return new IpcMessage(header, bodyOffset, bodyLength);
    }

    /** Refuses metadata older than that of Arrow 0.8, and unknown. */
    static void checkVersion(short version) {
        Corruption.within(version, MetadataVersion.V5, "metadata version");
        if (version < MetadataVersion.V4) {
            throw Corruption.unsupported("metadata version=" + version);
        }
    }

    /** Offset of what follows this message. */
    long end() {
        return bodyOffset + bodyLength;
    }
}
