package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ContentHashTest {
    @Test
    void shouldNotDependOnHowTheBytesCome() {
        byte[] bytes = new byte[100_000];
        new Random(1).nextBytes(bytes);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();

        ContentHash whole = new ContentHash().update(new UnsafeBuffer(bytes), 0, bytes.length);
        ContentHash buffer = new ContentHash().update(direct);
        ContentHash pieces = new ContentHash();
        for (int position = 0; position < bytes.length;) {
            int length = Math.min(1 + position % 7777, bytes.length - position);
            pieces.update(new UnsafeBuffer(direct), position, length);
            position += length;
        }

        assertThat(buffer.etag()).isEqualTo(whole.etag()).isEqualTo(pieces.etag());
        assertThat(buffer.crc()).isEqualTo(whole.crc()).isEqualTo(pieces.crc());
        assertThat(direct.remaining()).as("the position stays").isEqualTo(bytes.length);
    }

    @Test
    void shouldTakeCrc32C() {
        byte[] bytes = {1, 2, 3};
        CRC32C crc = new CRC32C();
        crc.update(bytes);

        assertThat(new ContentHash().update(ByteBuffer.wrap(bytes)).crc()).isEqualTo((int) crc.getValue());
    }

    @Test
    void shouldMakeAQuotedTagOfFixedLengthThatNeverChanges() {
        assertThat(new ContentHash().etag()).hasSize(ContentHash.ETAG_LENGTH)
                .isEqualTo("\"99aa06d3014798d86001c324468d497f\"");
        assertThat(new ContentHash().update(ByteBuffer.wrap(new byte[1])).etag()).hasSize(ContentHash.ETAG_LENGTH)
                .isNotEqualTo(new ContentHash().etag());
    }
}
