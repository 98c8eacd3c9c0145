package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.mapped.ControlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreLifecycleTest {
    @TempDir
    Path temp;

    private Path dir;

    @BeforeEach
    void name() throws IOException {
        dir = temp.toRealPath().resolve("dir");
    }

    @Test
    void shouldLeaveNothingBehindAfterAHundredStarts() throws IOException {
        new StoreFixture(dir).close(); // what the libraries start once for the process
        LeakCheck leaks = new LeakCheck(dir);
        for (int i = 0; i < 100; i++) {
            try (StoreFixture fixture = new StoreFixture(dir)) {
                fixture.put("k" + i, "v" + i);
                int number = fixture.store.grantReader();
                assertThat(number).isZero();
                assertThat(fixture.get("k" + i)).isEqualTo("v" + i);
                assertThat(fixture.get("k" + i / 2)).isEqualTo("v" + i / 2);
                assertThat(leaks.mappings()).isNotEmpty();
            }
        }

        leaks.assertNothingIsLeft();
        try (StoreFixture fixture = new StoreFixture(dir)) {
            assertThat(fixture.store.snapshot().mapped().segments()).as("one start goes on in the other's segment")
                    .isLessThanOrEqualTo(3);
            assertThat(fixture.get("k0")).isEqualTo("v0");
        }
    }

    @Test
    void shouldRefuseADirectoryThatIsHeldNamingThePid() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a", "one");

            assertThatThrownBy(() -> new StoreFixture(dir).close()).isInstanceOfSatisfying(TiercelException.class,
                    e -> assertThat(e.code()).isEqualTo(ErrorCode.NODE_UNAVAILABLE))
                    .hasMessageContaining("pid=" + ProcessHandle.current().pid()).hasMessageContaining(dir.toString());

            assertThat(fixture.get("a")).as("the holder goes on").isEqualTo("one");
        }
        new StoreFixture(dir).close();
    }

    @Test
    void shouldTakeOverTheLockFileOfADeadNode() throws IOException {
        Files.createDirectories(dir);
        Files.writeString(dir.resolve("tiercel.lock"), "pid=1\n");

        try (StoreFixture fixture = new StoreFixture(dir)) {
            assertThat(fixture.put("a", "one")).isTrue();
            assertThat(dir.resolve("tiercel.lock")).hasContent("pid=" + ProcessHandle.current().pid());
        }
    }

    @Test
    void shouldRefuseACapacityBeyondTheDiskWithBothFigures() throws IOException {
        StoreContext context = new StoreContext().dir(dir).mappedCapacity(1L << 60);

        assertThatThrownBy(() -> new StoreFixture(context)).isInstanceOfSatisfying(TiercelException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_CONFIGURATION))
                .hasMessageContaining("mappedCapacity=" + (1L << 60)).hasMessageContaining("free");

        new LeakCheck(dir).assertNothingIsLeft();
        new StoreFixture(dir).close();
    }

    @Test
    void shouldServeOnlyWhileItHasAnIncarnation() throws IOException {
        StoreFixture fixture = new StoreFixture(dir);
        long incarnation = fixture.store.control().incarnationVolatile();
        assertThat(incarnation).isNotZero();
        assertThat(fixture.store.control().pid()).isEqualTo(ProcessHandle.current().pid());
        fixture.turn(1);
        assertThat(fixture.store.control().clockMsOpaque()).isEqualTo(fixture.clock.nowMs());
        assertThat(fixture.store.control().beatOpaque()).isPositive();
        fixture.close();

        try (ControlFile control = ControlFile.open(dir.resolve("control"),
                false)) {
            assertThat(control.incarnationVolatile()).isZero();
        }
        fixture.openAgain();
        assertThat(fixture.store.control().incarnationVolatile()).isNotIn(0L, incarnation);
        fixture.close();
    }

    @Test
    void shouldLeaveMappedWhatIsStillReadOrWritten() throws IOException {
        StoreFixture fixture = new StoreFixture(dir);
        fixture.put("a", "pinned bytes");
        fixture.get("a");
        Pinned pinned = fixture.store.pin(fixture.view);
        Allocation writing = fixture.allocate("b", new byte[100]);
        LeakCheck leaks = new LeakCheck(dir);

        fixture.close();

        byte[] bytes = new byte[pinned.payloadLength()];
        pinned.payload().getBytes(0, bytes);
        assertThat(bytes).asString().isEqualTo("pinned bytes");
        writing.payload().setMemory(0, 100, (byte) 1);
        assertThat(StoreFixture.publish(writing)).isFalse();
        fixture.store.unpin(pinned);
        assertThat(leaks.mappings()).as("that segment alone").hasSize(1);

        fixture.openAgain();
        assertThat(fixture.get("a")).as("given up, so that no node writes under the reader").isNull();
        fixture.put("a", "new");
        assertThat(fixture.get("a")).isEqualTo("new");
        fixture.close();
    }

    @Test
    void shouldRefuseWhoWaitsWhenItCloses() {
        StoreFixture fixture = new StoreFixture(dir);
        StoreFixture.Outcome waiting = new StoreFixture.Outcome();
        fixture.store.allocate(fixture.requestFor("a", 10), waiting);

        fixture.close();
        StoreFixture.Outcome late = new StoreFixture.Outcome();
        fixture.store.allocate(new FrameRequest(Key.of("a"), 1, 0, "", 0, 0, 0), late);
        fixture.close();

        assertThat(waiting.code).isEqualTo(ErrorCode.NODE_UNAVAILABLE);
        assertThat(late.code).isEqualTo(ErrorCode.NODE_UNAVAILABLE);
    }

    @Test
    void shouldLeaveNothingOfChronicleInTheHomeFolder() throws Exception {
        Path home = Files.createDirectories(temp.resolve("home"));

        int exit = ChildStore.start(home, StoreLifecycleTest.class.getName(), dir.toString()).waitFor();

        assertThat(exit).isZero();
        try (var files = Files.list(home)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .noneMatch(name -> name.startsWith(".chronicle"));
        }
    }

    /** Runs in a process of its own, whose home folder is looked at after. */
    public static void main(String[] args) {
        try (StoreFixture fixture = new StoreFixture(Path.of(args[0]))) {
            fixture.put("a", "one");
        }
    }
}
