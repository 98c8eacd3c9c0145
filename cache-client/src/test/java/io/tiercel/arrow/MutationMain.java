package io.tiercel.arrow;

import io.tiercel.TiercelException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * Damages files by a seed and reads them with every value. Each case lies in a file mapped for reading, its end on that
 * of the last page, so that a read beyond it or a write into it ends the process; its seed was printed before.
 */
final class MutationMain {
    private static final int MAX_LENGTH = 512 * 1024;
    private static final int MAX_ROW_COUNT = 500;
    private static final long ALLOCATOR_LIMIT = 256L << 20;
    private static final long TIMEOUT_SECONDS = 30;

    private final Verification verification;
    private final List<byte[]> originals;
    private final MappedByteBuffer writable;
    private final UnsafeBuffer readable;
    private final TreeMap<String, Integer> outcomes = new TreeMap<>();

    private MutationMain(Verification verification, Path folder, Path scratch) throws IOException {
        this.verification = verification;
        this.originals = ArrowData.filesUnder(folder).stream().map(MutationMain::bytesOf)
                .filter(bytes -> bytes.length <= MAX_LENGTH).toList();
        try (FileChannel channel = FileChannel.open(scratch, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            this.writable = channel.map(FileChannel.MapMode.READ_WRITE, 0, MAX_LENGTH);
            this.readable = new UnsafeBuffer(channel.map(FileChannel.MapMode.READ_ONLY, 0, MAX_LENGTH));
        }
    }

    /** Takes a verification, the folder of originals, the first seed, the number of cases. */
    public static void main(String[] args) throws IOException {
        Path scratch = Files.createTempFile("tiercel-mutation", ".arrow");
        try (Watchdog watchdog = new Watchdog()) {
            MutationMain main = new MutationMain(Verification.valueOf(args[0]), Path.of(args[1]), scratch);
            long firstSeed = Long.parseLong(args[2]);
            long endSeed = firstSeed + Long.parseLong(args[3]);
            for (long seed = firstSeed; seed < endSeed; seed++) {
                long current = seed;
                System.out.println("seed " + seed);
                watchdog.guard("seed " + seed, TIMEOUT_SECONDS, () -> main.run(current));
            }
            main.outcomes.forEach((outcome, count) -> System.out.println("outcome " + count + " " + outcome));
            System.out.println("done");
        } finally {
            Files.delete(scratch);
        }
    }

    private void run(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean isWhole = random.nextInt(20) == 0;
        byte[] original = originals.get(random.nextInt(originals.size()));
        byte[] bytes = isWhole ? original : damaged(original.clone(), random);
        int start = random.nextBoolean() ? (MAX_LENGTH - bytes.length) / 8 * 8 : MAX_LENGTH - bytes.length;
        writable.put(start, bytes);
        int[] closeCount = new int[1];
        String outcome;
        try (BufferAllocator allocator = new RootAllocator(ALLOCATOR_LIMIT)) {
            outcome = read(start, bytes.length, () -> closeCount[0]++, allocator);
            if (allocator.getAllocatedMemory() != 0) {
                outcome = "BAD leak of " + allocator.getAllocatedMemory();
            }
        }
        if (isWhole && !outcome.equals("read")) {
            outcome = "BAD refusal of a whole file: " + outcome;
        }
        if (closeCount[0] != 1) {
            outcome = "BAD closes=" + closeCount[0];
        }
        if (outcome.startsWith("BAD")) {
            System.out.println(outcome + " at seed " + seed);
        }
        outcomes.merge(outcome, 1, Integer::sum);
    }

    private static byte[] damaged(byte[] bytes, SplittableRandom random) {
        if (random.nextInt(8) == 0) {
            return Arrays.copyOf(bytes, random.nextInt(bytes.length));
        }
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            // Metadata is at both ends, and most of what can go wrong.
            int span = random.nextInt(4) > 0 ? bytes.length : Math.min(bytes.length, 2048);
            int at = random.nextBoolean() ? random.nextInt(span) : bytes.length - 1 - random.nextInt(span);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0x7F : 0xFF);
                default -> {
                    int length = Math.min(8, bytes.length - at);
                    System.arraycopy(bytes, random.nextInt(bytes.length - length + 1), bytes, at, length);
                }
            }
        }
        return bytes;
    }

    private String read(int start, int length, AutoCloseable hold, BufferAllocator allocator) {
        ArrowFrame.Context context = new ArrowFrame.Context().allocator(allocator).verification(verification)
                .maxUnfoldedLength(ALLOCATOR_LIMIT / 2);
        try (ArrowFrame arrow = ArrowFrame.open(readable, start, length, hold, context)) {
            String odd = null;
            while (arrow.next()) {
                for (FieldVector vector : arrow.root().getFieldVectors()) {
                    String seen = readValues(vector);
                    odd = odd == null ? seen : odd;
                }
            }
            return odd == null ? "read" : odd;
        } catch (TiercelException e) {
            return e.code() + " " + String.valueOf(e.getMessage()).replaceAll("-?[0-9]+", "#");
        } catch (RuntimeException e) {
            return "BAD " + e;
        }
    }

    /** What a value did that is allowed to, as its bytes may be no date; or null. */
    private @Nullable String readValues(FieldVector vector) {
        int count = Math.min(MAX_ROW_COUNT, vector.getValueCount());
        for (int row = 0; row < count; row++) {
            try {
                vector.getObject(row);
            } catch (DateTimeException | ArithmeticException e) {
                return "value " + e.getClass().getSimpleName();
            } catch (RuntimeException | OutOfMemoryError e) {
                if (verification == Verification.VALUES) {
                    StringWriter trace = new StringWriter();
                    e.printStackTrace(new PrintWriter(trace));
                    return "BAD value of " + vector.getField() + " " + trace;
                }
                return "value " + e.getClass().getSimpleName();
            }
        }
        return null;
    }

    private static byte[] bytesOf(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
