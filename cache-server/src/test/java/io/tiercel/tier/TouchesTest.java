package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import io.tiercel.mapped.LockFile;
import io.tiercel.mapped.ReaderDescriptor;
import io.tiercel.mapped.ReaderFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads that the node sees only in a reader's touch ring. */
class TouchesTest {
    private static final int LENGTH = 100_000;

    @TempDir
    Path dir;

    private final UnsafeBuffer key = new UnsafeBuffer(new byte[0]);
    private StoreFixture fixture;
    private int number;
    private LockFile lock;
    private ReaderFile reader;

    @BeforeEach
    void attach() throws IOException {
        fixture = new StoreFixture(dir);
        number = fixture.store.grantReader();
        lock = Objects.requireNonNull(LockFile.tryAcquire(dir.resolve("readers/" + number + ".lock")));
        reader = ReaderFile.open(dir.resolve("readers/" + number), fixture.store.control().slotCapacity());
        assertThat(fixture.store.attachReader(number)).isTrue();
    }

    @AfterEach
    void close() throws IOException {
        reader.close();
        lock.close();
        fixture.close();
    }

    @Test
    void shouldKeepAFrameThatOnlyAMappedClientReads() {
        fixture.put("hot", new byte[LENGTH]);

        for (int i = 0; i < 400; i++) {
            fixture.put("flood" + i, new byte[LENGTH]);
            touch("hot");
            fixture.turn(2);
        }

        assertThat(peek("hot")).isTrue();
        assertThat(peek("flood60")).as("the flood is larger than the capacity").isFalse();
    }

    @Test
    void shouldCountEveryTouchThatTheRingHolds() {
        fixture.put("hot", new byte[LENGTH]);
        for (int i = 0; i < 200; i++) {
            touch("hot");
        }

        fixture.turn(1);
        assertThat(fixture.store.touches()).as("bounded in a turn").isEqualTo(Touches.TOUCHES_A_TURN);
        fixture.turn(10);

        assertThat(fixture.store.touches()).isEqualTo(200);
    }

    @Test
    void shouldPassOverTouchesOfWhatIsNotServed() {
        fixture.put("a", new byte[LENGTH]);
        peek("a");
        int slot = fixture.view.slot();
        int offset = fixture.view.frameOffset();
        long generation = fixture.view.generation();

        reader.touch(slot, offset, generation + 1);
        reader.touch(slot, offset, generation - 1);
        reader.touch(slot, offset + 64, generation);
        reader.touch(slot, 0, generation);
        reader.touch(slot + 1, offset, generation);
        reader.touch(-1, offset, generation);
        reader.touch(Integer.MAX_VALUE, offset, generation);
        reader.touch(slot, -64, generation);
        reader.touch(slot, Integer.MAX_VALUE, generation);
        reader.touch(slot, 2 * (int) StoreFixture.MIB - 64, generation);
        fixture.turn(5);
        assertThat(fixture.store.touches()).isZero();

        reader.touch(slot, offset, generation);
        fixture.turn(5);
        assertThat(fixture.store.touches()).as("the rest was no obstacle").isEqualTo(1);
        fixture.store.invalidate(Key.of("a"));
        reader.touch(slot, offset, generation);
        fixture.turn(5);
        assertThat(fixture.store.touches()).as("dead").isEqualTo(1);
    }

    @Test
    void shouldPassOverATouchOfAFrameForgedIntoAPayload() {
        fixture.put("real", new byte[64]);
        peek("real");
        int realOffset = fixture.view.frameOffset();
        byte[] image = new byte[4096];
        fixture.view.buffer().getBytes(realOffset, image, 0, 512);
        fixture.put("carrier", image);
        peek("carrier");

        reader.touch(fixture.view.slot(), fixture.view.payloadOffset(), fixture.view.generation());
        fixture.turn(5);

        assertThat(fixture.store.touches()).isZero();
    }

    @Test
    void shouldPassOverGarbage() throws IOException {
        long seed = Long.getLong("tiercel.seed", 42L);
        Random random = new Random(seed);
        int slots = fixture.store.control().slotCapacity();
        int from = ReaderDescriptor.touchPositionOffset(slots);
        byte[] garbage = new byte[ReaderDescriptor.fileLength(slots) - from];
        fixture.put("a", new byte[LENGTH]);

        for (int round = 0; round < 300; round++) {
            random.nextBytes(garbage);
            try (FileChannel file = FileChannel.open(dir.resolve("readers/" + number), StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap(garbage), from);
            }
            fixture.turn(3);
        }

        assertThat(fixture.store.touches()).as("seed=%d", seed).isZero();
        assertThat(peek("a")).isTrue();
    }

    @Test
    void shouldSurviveAReaderFileCutShort() throws IOException {
        fixture.put("a", new byte[LENGTH]);
        touch("a");
        try (FileChannel file = FileChannel.open(dir.resolve("readers/" + number), StandardOpenOption.WRITE)) {
            file.truncate(0);
        }

        fixture.turn(5);

        assertThat(fixture.store.touches()).isZero();
        assertThat(peek("a")).isTrue();
    }

    private void touch(String path) {
        if (peek(path)) {
            reader.touch(fixture.view.slot(), fixture.view.frameOffset(), fixture.view.generation());
        }
    }

    private boolean peek(String path) {
        key.wrap(Key.of(path).toString().getBytes(StandardCharsets.UTF_8));
        return fixture.store.peek(key, 0, key.capacity(), fixture.view);
    }
}
