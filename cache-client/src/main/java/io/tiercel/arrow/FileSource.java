package io.tiercel.arrow;

import java.util.Map;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Messages of an IPC file, found through its footer: all dictionaries, then the batches, from any one on.
 *
 * <pre>
 *  ARROW1 \0 \0 [messages] [footer: a flatbuffer] [int length of it] ARROW1
 * </pre>
 */
final class FileSource implements MessageSource {
    private static final int MAGIC_HEAD = 'A' | 'R' << 8 | 'R' << 16 | 'O' << 24;
    private static final int MAGIC_TAIL = 'R' | 'O' << 8 | 'W' << 16 | '1' << 24;
    private static final int MAGIC_LENGTH = 6;
    private static final int TRAILER_LENGTH = Integer.BYTES + MAGIC_LENGTH;
    private static final int BLOCK_LENGTH = 24;

    private final FrameMemory memory;
    private final Footer footer;
    private final Schema schema;
    private final Map<String, String> customMetadata;
    private final int dictionaryCount;
    private final int batchCount;
    private int dictionaryIndex;
    private int batchIndex;

    FileSource(FrameMemory memory) {
        this.memory = memory;
        long trailerOffset = memory.length() - TRAILER_LENGTH;
        Corruption.unless(trailerOffset >= MAGIC_LENGTH && isMagic(memory, trailerOffset + Integer.BYTES),
                "file without its end");
        int footerLength = memory.intAt(trailerOffset);
        Corruption.unless(footerLength > 0, "footer length=" + footerLength);
        Corruption.within(footerLength, trailerOffset - MAGIC_LENGTH, "footer length");
        this.footer = Footer.getRootAsFooter(memory.metadata(trailerOffset - footerLength, footerLength));
        IpcMessage.checkVersion(footer.version());
        this.schema = SchemaReader.read(footer.schema(), footer.version());
        this.customMetadata = SchemaReader.customMetadata(footer);
        int maxCount = footerLength / BLOCK_LENGTH;
        this.dictionaryCount = (int) Corruption.within(footer.dictionariesLength(), maxCount, "dictionary blocks");
        this.batchCount = (int) Corruption.within(footer.recordBatchesLength(), maxCount, "batch blocks");
    }

    /** Whether the memory begins as a file does. */
    static boolean isFile(FrameMemory memory) {
        return memory.length() >= MAGIC_LENGTH && isMagic(memory, 0);
    }

    private static boolean isMagic(FrameMemory memory, long offset) {
        return memory.intAt(offset) == MAGIC_HEAD && memory.intAt(offset + 2) == MAGIC_TAIL;
    }

    @Override
    public Schema schema() {
        return schema;
    }

    Map<String, String> customMetadata() {
        return customMetadata;
    }

    int batchCount() {
        return batchCount;
    }

    /** Makes that batch the next, or none when it is the number of batches. */
    void seek(int batch) {
        if (batch < 0 || batch > batchCount) {
            throw new IllegalArgumentException("batch=" + batch + " is not within 0 to " + batchCount);
        }
        batchIndex = batch;
    }

    @Override
    public @Nullable IpcMessage current() {
        if (batchIndex == batchCount) {
            return null;
        }
        boolean isDictionary = dictionaryIndex < dictionaryCount;
        Block block = isDictionary ? footer.dictionaries(dictionaryIndex) : footer.recordBatches(batchIndex);
        IpcMessage message = IpcMessage.ofBlock(memory, block.offset(), block.metaDataLength(), block.bodyLength());
        byte expected = isDictionary ? MessageHeader.DictionaryBatch : MessageHeader.RecordBatch;
        Corruption.unless(message.header().headerType() == expected, "footer points to another kind of message");
        return message;
    }

    @Override
    public void advance(IpcMessage current) {
        if (current.header().headerType() == MessageHeader.DictionaryBatch) {
            dictionaryIndex++;
        } else {
            batchIndex++;
        }
    }
}
