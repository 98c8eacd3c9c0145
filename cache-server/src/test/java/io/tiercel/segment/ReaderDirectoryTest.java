package io.tiercel.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.mapped.LockFile;
import io.tiercel.mapped.ReaderDescriptor;
import io.tiercel.mapped.ReaderFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReaderDirectoryTest {
    private static final int SLOTS = 100;
    private static final long QUOTA = 1L << 30;

    @TempDir
    Path dir;

    @Test
    void shouldCountPinsFromTheGrantUntilTheLockIsFree() throws IOException {
        try (ReaderDirectory readers = open()) {
            int number = readers.grant();
            LockFile lock = lock(number);
            try (ReaderFile file = ReaderFile.open(dir.resolve("" + number), SLOTS)) {
                file.pin(7);
                assertThat(readers.isPinned(7)).as("granted").isTrue();
                assertThat(readers.attach(number)).isTrue();
                assertThat(readers.isPinned(7)).as("attached").isTrue();
                assertThat(readers.isPinned(8)).isFalse();

                readers.release(number);
                assertThat(readers.isPinned(7)).as("session over, client alive: it may be stopped").isTrue();
            }

            lock.close();
            readers.checkNext();

            assertThat(readers.isPinned(7)).isFalse();
            assertThat(Files.exists(dir.resolve("" + number))).isFalse();
        }
    }

    @Test
    void shouldNotAttachWithoutTheLock() throws IOException {
        try (ReaderDirectory readers = open()) {
            int number = readers.grant();

            assertThat(readers.attach(number)).isFalse();
            assertThat(readers.attach(number + 1)).isFalse();
            assertThat(readers.attach(-1)).isFalse();
        }
    }

    @Test
    void shouldClearADeadReaderBeforeItsSessionIsOver() throws IOException {
        try (ReaderDirectory readers = open()) {
            int number = readers.grant();
            LockFile lock = lock(number);
            readers.attach(number);
            try (ReaderFile file = ReaderFile.open(dir.resolve("" + number), SLOTS)) {
                file.pin(7);
            }

            lock.close();
            readers.checkNext();

            assertThat(readers.isPinned(7)).isFalse();
            assertThat(readers.grant()).as("not handed on until the session is told over").isNotEqualTo(number);
            readers.release(number);
            assertThat(readers.grant()).isEqualTo(number);
        }
    }

    @Test
    void shouldNotHandOnTheNumberOfAStoppedReader() throws IOException {
        try (ReaderDirectory readers = open()) {
            int number = readers.grant();
            try (LockFile lock = lock(number)) {
                readers.attach(number);
                readers.release(number);

                assertThat(readers.grant()).isNotEqualTo(number);
                assertThat(lock).isNotNull();
            }
        }
    }

    @Test
    void shouldHonourPinsOfLivingReadersLeftByANodeBefore() throws IOException {
        ReaderDirectory before = open();
        int living = before.grant();
        int dead = before.grant();
        LockFile lock = lock(living);
        pin(living, 3);
        pin(dead, 4);
        // no close: the node was killed

        try (ReaderDirectory readers = open()) {
            assertThat(readers.isPinned(3)).isTrue();
            assertThat(readers.isPinned(4)).as("of a dead reader").isFalse();
            assertThat(readers.grant()).isEqualTo(dead);

            lock.close();
            readers.checkNext();
            readers.checkNext();
            assertThat(readers.isPinned(3)).isFalse();
        }
    }

    @Test
    void shouldHonourLeftPinsOfAnotherSlotCapacity() throws IOException {
        ReaderDirectory before = open();
        int living = before.grant();
        try (LockFile lock = lock(living)) {
            pin(living, 3);

            try (ReaderDirectory readers = ReaderDirectory.open(dir, 2 * SLOTS, 4, QUOTA, 2)) {
                assertThat(readers.isPinned(3)).isTrue();
                assertThat(readers.isPinned(2 * SLOTS - 1)).isFalse();
            }
            assertThat(lock).isNotNull();
        }
    }

    @Test
    void shouldIgnoreWhatAClientMadeOfItsFile() throws IOException {
        ReaderDirectory before = open();
        int number = before.grant();
        try (LockFile lock = lock(number);
                FileChannel channel = FileChannel.open(dir.resolve("" + number), StandardOpenOption.WRITE)) {
            channel.truncate(20);

            try (ReaderDirectory readers = open()) {
                assertThat(readers.isPinned(0)).isFalse();
                assertThat(readers.grant()).as("it lives").isNotEqualTo(number);
            }
            assertThat(lock).isNotNull();
        }
    }

    @Test
    void shouldRefuseMoreReadersThanConfigured() throws IOException {
        try (ReaderDirectory readers = open()) {
            for (int i = 0; i < 4; i++) {
                readers.grant();
            }

            assertThatThrownBy(readers::grant).isInstanceOfSatisfying(TiercelException.class,
                    e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED)).hasMessageContaining(
                            "clients.maxMapped=4");
        }
    }

    @Test
    void shouldReserveTheReaderFile() throws IOException {
        try (ReaderDirectory readers = open()) {
            int number = readers.grant();

            assertThat(Files.size(dir.resolve("" + number))).isEqualTo(ReaderDescriptor.fileLength(SLOTS));
        }
    }

    private ReaderDirectory open() throws IOException {
        return ReaderDirectory.open(dir, SLOTS, 4, QUOTA, 1);
    }

    private LockFile lock(int number) throws IOException {
        return Objects.requireNonNull(LockFile.tryAcquire(dir.resolve(number + ".lock")));
    }

    private void pin(int number, int slot) throws IOException {
        try (ReaderFile file = ReaderFile.open(dir.resolve("" + number), SLOTS)) {
            file.pin(slot);
        }
    }
}
