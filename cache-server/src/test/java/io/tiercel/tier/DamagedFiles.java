package io.tiercel.tier;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Does to the segments of a stopped store what a bad disk or a bad tool does. */
final class DamagedFiles {
    private DamagedFiles() {}

    /** Damages some of a directory's segments: flipped bits, torn or zeroed ranges, files cut short. */
    static void damage(Path dir, Random random) throws IOException {
        List<Path> segments;
        try (Stream<Path> files = Files.list(dir.resolve("segments"))) {
            segments = files.sorted().toList();
        }
        for (Path segment : segments) {
            if (random.nextInt(3) == 0) {
                damageOne(segment, random);
            }
        }
    }

    private static void damageOne(Path segment, Random random) throws IOException {
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long length = file.size();
            if (length == 0) {
                return;
            }
            switch (random.nextInt(4)) {
                case 0 -> flipBits(file, random, 1 + random.nextInt(64));
                case 1 -> overwrite(file, random.nextLong(length), new byte[1 + random.nextInt(200_000)]);
                case 2 -> {
                    byte[] noise = new byte[1 + random.nextInt(5000)];
                    random.nextBytes(noise);
                    overwrite(file, random.nextLong(length), noise);
                }
                default -> file.truncate(random.nextLong(length));
            }
        }
    }

    private static void flipBits(FileChannel file, Random random, int count) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        for (int i = 0; i < count; i++) {
            long position = random.nextLong(file.size());
            file.read(one.clear(), position);
            one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(8)));
            file.write(one.flip(), position);
        }
    }

    private static void overwrite(FileChannel file, long position, byte[] bytes) throws IOException {
        int length = (int) Math.min(bytes.length, file.size() - position);
        file.write(ByteBuffer.wrap(bytes, 0, length), position);
    }
}
