package io.tiercel.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.TiercelException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compare.VectorEqualsVisitor;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.util.ByteArrayReadableSeekableByteChannel;
import org.jspecify.annotations.Nullable;

/** Arrow's own readers, as the measure of ours. */
final class ArrowReference {
    private static final int MAX_ROW_COUNT = 100_000;

    private ArrowReference() {}

    static ArrowReader open(byte[] bytes, boolean isFile, BufferAllocator allocator) {
        return isFile
                ? new ArrowFileReader(new ByteArrayReadableSeekableByteChannel(bytes), allocator,
                        CommonsCompressionFactory.INSTANCE)
                : new ArrowStreamReader(new ByteArrayInputStream(bytes), allocator, CommonsCompressionFactory.INSTANCE);
    }

    /** Reads the same bytes with both in step, and that reading leaves them as they are. Returns the number of batches. */
    static int assertSame(LentBytes lent, Verification verification) throws Exception {
        int batchCount = 0;
        byte[] bytes = lent.copy();
        try (BufferAllocator allocator = new RootAllocator();
                ArrowFrame ours = lent.open(new ArrowFrame.Context().allocator(allocator).verification(verification));
                ArrowReader theirs = open(bytes, ours.isFile(), allocator)) {
            assertThat(ours.schema()).isEqualTo(attempt(ours, () -> theirs.getVectorSchemaRoot().getSchema()));
            assertThat(ours.getDictionaryIds()).isEqualTo(theirs.getDictionaryIds());
            while (attempt(ours, theirs::loadNextBatch)) {
                assertThat(ours.next()).as("batch %d", batchCount).isTrue();
                assertSame(ours.root(), theirs.getVectorSchemaRoot());
                for (long id : theirs.getDictionaryIds()) {
                    assertSame(dictionary(ours.lookup(id)), dictionary(theirs.lookup(id)));
                }
                batchCount++;
            }
            assertThat(ours.next()).isFalse();
        }
        assertThat(lent.copy()).as("bytes of the frame, which are read only").isEqualTo(bytes);
        return batchCount;
    }

    /** What Arrow refuses must be refused here too. */
    private static <T> T attempt(ArrowFrame ours, Callable<T> theirs) throws Exception {
        try {
            return theirs.call();
        } catch (IOException | RuntimeException e) {
            assertThatThrownBy(ours::next).as("refused by Arrow: %s", e).isInstanceOf(TiercelException.class);
            throw e;
        }
    }

    private static FieldVector dictionary(@Nullable Dictionary dictionary) {
        return Objects.requireNonNull(dictionary, "dictionary").getVector();
    }

    private static void assertSame(VectorSchemaRoot ours, VectorSchemaRoot theirs) {
        assertThat(ours.getRowCount()).isEqualTo(theirs.getRowCount());
        for (int i = 0; i < theirs.getFieldVectors().size(); i++) {
            assertSame(ours.getVector(i), theirs.getVector(i));
        }
    }

    private static void assertSame(FieldVector ours, FieldVector theirs) {
        assertThat(ours.getField()).isEqualTo(theirs.getField());
        assertThat(ours.getValueCount()).isEqualTo(theirs.getValueCount());
        assertThat(ours.getNullCount()).isEqualTo(theirs.getNullCount());
        for (int row = 0; row < Math.min(MAX_ROW_COUNT, theirs.getValueCount()); row++) {
            assertThat(ours.isNull(row)).as("%s row %d", theirs.getName(), row).isEqualTo(theirs.isNull(row));
            if (!theirs.isNull(row)) {
                Object expected = theirs.getObject(row);
                assertThat(Objects.deepEquals(ours.getObject(row), expected)).as("%s row %d", theirs.getName(), row)
                        .isTrue();
            }
        }
        assertThat(VectorEqualsVisitor.vectorEquals(ours, theirs)).as(theirs.getName()).isTrue();
    }

    /** How it ended, in words. This reader may refuse more than Arrow's, not less, and not read otherwise. */
    static String outcome(LentBytes lent, Verification verification) {
        try {
            return "same as Arrow, batches=" + assertSame(lent, verification);
        } catch (TiercelException e) {
            return e.code() + ": " + e.getMessage();
        } catch (Exception e) {
            return "both refused, Arrow: " + e;
        } catch (AssertionError e) {
            return "DIFFERENT: " + e.getMessage();
        }
    }
}
