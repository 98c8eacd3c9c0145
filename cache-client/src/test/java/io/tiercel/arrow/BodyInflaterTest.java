package io.tiercel.arrow;

import static io.tiercel.arrow.IpcBuilder.ints;
import static io.tiercel.arrow.IpcBuilder.nodes;
import static io.tiercel.arrow.IpcBuilder.none;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.ipc.message.ArrowBodyCompression;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BodyInflaterTest {
    private static final Field INT = Field.nullable("int", new ArrowType.Int(32, true));
    private static final int ROW_COUNT = 100_000;

    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void shouldLeaveNothingAllocated() {
        assertThat(allocator.getAllocatedMemory()).isZero();
        allocator.close();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NO_COMPRESSION")
    void shouldUnfoldIntoTheAllocator(CodecType codec) throws Exception {
        LentBytes lent = frame(codec, compressed(codec));

        try (ArrowFrame arrow = lent.open(context())) {
            assertThat(arrow.next()).isTrue();
            IntVector vector = (IntVector) arrow.root().getVector(0);
            assertThat(lent.contains(vector.getDataBufferAddress(), 1)).isFalse();
            assertThat(vector.get(ROW_COUNT - 1)).isZero();
        }
        assertThat(ArrowReference.assertSame(lent, Verification.VALUES)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NO_COMPRESSION")
    void shouldLeaveWhatWasNotWorthCompressing(CodecType codec) {
        byte[] raw = withLength(CompressionUtil.NO_COMPRESSION_LENGTH, ints(7));
        LentBytes lent = frame(1, codec, raw);

        try (ArrowFrame arrow = lent.open(context())) {
            arrow.next();
            IntVector vector = (IntVector) arrow.root().getVector(0);
            assertThat(vector.get(0)).isEqualTo(7);
            assertThat(lent.contains(vector.getDataBufferAddress(), Integer.BYTES)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NO_COMPRESSION")
    void shouldRefuseABomb(CodecType codec) {
        assertRefused(frame(codec, compressed(codec)), context().maxUnfoldedLength(100_000), ErrorCode.TOO_LARGE);
        assertRefused(frame(codec, withLength(1L << 60, content(codec))), context(), ErrorCode.TOO_LARGE);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NO_COMPRESSION")
    void shouldRefuseAnotherLengthThanAnnounced(CodecType codec) {
        long length = ROW_COUNT * (long) Integer.BYTES;
        byte[] content = content(codec);

        for (byte[] body : List.of(withLength(length + 1, content), withLength(length - 1, content), withLength(-2,
                content),
                withLength(length, Arrays.copyOf(content, content.length / 2)), withLength(length, new byte[0]),
                withLength(length, new byte[64]), new byte[7])) {
            assertRefused(frame(codec, body), context(), ErrorCode.CORRUPT);
        }
    }

    private void assertRefused(LentBytes lent, ArrowFrame.Context context, ErrorCode code) {
        try (ArrowFrame arrow = lent.open(context)) {
            assertThatThrownBy(arrow::next).isInstanceOfSatisfying(TiercelException.class,
                    e -> assertThat(e.code()).isEqualTo(code));
        }
        assertThat(allocator.getAllocatedMemory()).isZero();
        assertThat(lent.closeCount()).isEqualTo(1);
    }

    private ArrowFrame.Context context() {
        return new ArrowFrame.Context().allocator(allocator);
    }

    private static LentBytes frame(CodecType codec, byte[] body) {
        return frame(ROW_COUNT, codec, body);
    }

    private static LentBytes frame(int rowCount, CodecType codec, byte[] body) {
        return LentBytes.of(new IpcBuilder(INT)
                .batch(new ArrowBodyCompression(codec.getType(), (byte) 0), List.of(), rowCount, nodes(rowCount, 0),
                        none(),
                        body)
                .toBytes());
    }

    private byte[] compressed(CodecType type) {
        CompressionCodec codec = CommonsCompressionFactory.INSTANCE.createCodec(type);
        ArrowBuf zeros = allocator.buffer((long) ROW_COUNT * Integer.BYTES);
        zeros.setZero(0, zeros.capacity());
        zeros.writerIndex((long) ROW_COUNT * Integer.BYTES);
        try (ArrowBuf buffer = codec.compress(allocator, zeros)) {
            byte[] bytes = new byte[(int) buffer.readableBytes()];
            buffer.getBytes(0, bytes);
            return bytes;
        }
    }

    private byte[] content(CodecType type) {
        byte[] bytes = compressed(type);
        return Arrays.copyOfRange(bytes, Long.BYTES, bytes.length);
    }

    private static byte[] withLength(long length, byte[] content) {
        return ByteBuffer.allocate(Long.BYTES + content.length).order(ByteOrder.LITTLE_ENDIAN).putLong(length).put(
                content)
                .array();
    }
}
