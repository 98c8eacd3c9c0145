package io.tiercel.tier;

import static io.tiercel.mapped.FrameDescriptor.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.mapped.ControlFile;
import io.tiercel.mapped.SegmentDescriptor;
import io.tiercel.tier.StoreReport.Damage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreVerifierTest {
    @TempDir
    Path temp;

    private Path dir;
    private Path segment;
    private int frameOffset;
    private int payloadOffset;
    private int tagOffset;
    private int lastOffset;

    /** Three live frames, a dead and an overwritten one, stopped cleanly; the places are those of "b". */
    @BeforeEach
    void fill() {
        dir = temp.resolve("dir");
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.put("a", "old");
            fixture.put("a", "one");
            fixture.put("b", "two");
            fixture.put("c", "three");
            fixture.put("gone", "four");
            fixture.store.invalidate(Key.of("gone"));
            fixture.get("c");
            lastOffset = fixture.view.frameOffset();
            fixture.get("b");
            frameOffset = fixture.view.frameOffset();
            payloadOffset = fixture.view.payloadOffset();
            tagOffset = fixture.view.etagOffset();
            segment = dir.resolve("segments/" + fixture.view.slot() + ".seg");
        }
    }

    private StoreReport verified() throws IOException {
        return StoreVerifier.verify(dir);
    }

    private Damage onlyDamage() throws IOException {
        StoreReport report = verified();
        assertThat(report.damageCount()).as("%s", report.damages()).isEqualTo(1);
        return report.damages().getFirst();
    }

    private static void flip(Path file, long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            one.put(0, (byte) (one.get(0) ^ 0x10)).clear();
            channel.write(one, offset);
        }
    }

    @Test
    void shouldFindNothingWrongAfterACleanStop() throws IOException {
        StoreReport report = verified();

        assertThat(report.damages()).isEmpty();
        assertThat(report.isCleanStop()).isTrue();
        assertThat(report.live()).isEqualTo(3);
        assertThat(report.dead()).isEqualTo(2);
        assertThat(report.torn()).isZero();
        assertThat(report.superseded()).isZero();
        assertThat(report.isIndexChecked()).isTrue();
        assertThat(report.indexEntries()).isEqualTo(3);
        assertThat(report.bytes()).isPositive();
        assertThat(report.segments()).isPositive();
    }

    @Test
    void shouldFindNothingWrongAfterAKill() throws IOException {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.allocate("torn", new byte[100]);
            StoreFixture.killedCopy(dir, temp.resolve("copy"));
        }
        dir = temp.resolve("copy");

        StoreReport report = verified();

        assertThat(report.damages()).isEmpty();
        assertThat(report.isCleanStop()).isFalse();
        assertThat(report.isIndexChecked()).isFalse();
        assertThat(report.torn()).isEqualTo(1);
        assertThat(report.live()).isEqualTo(3);
    }

    @Test
    void shouldTouchNothing() throws IOException {
        flip(segment, payloadOffset);
        Map<String, String> before = content();

        verified();

        assertThat(content()).isEqualTo(before);
    }

    private Map<String, String> content() throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                content.put(file.toString(),
                        Files.getLastModifiedTime(file) + " " + CleanMarker.crcOf(file) + " " + Files.size(file));
            }
        }
        return content;
    }

    /** Writes another state into a frame of the segment. */
    private void state(long offset, int state) throws IOException {
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
            channel.write(bytes.putInt(0, state), offset + STATE_OFFSET);
        }
    }

    @Test
    void shouldNameAKeyThatIsLiveTwiceAfterACleanStop() throws IOException {
        state(SegmentDescriptor.HEADER_LENGTH, LIVE); // the overwritten one

        StoreReport report = verified();

        assertThat(report.superseded()).isEqualTo(1);
        assertThat(report.damages()).extracting(Damage::what).anyMatch(what -> what.startsWith(
                "key=a is live in slot="));
    }

    @Test
    void shouldCountWhatAKillLeftOverwritten() throws IOException {
        state(SegmentDescriptor.HEADER_LENGTH, LIVE);
        Files.delete(dir.resolve("index.clean"));

        StoreReport report = verified();

        assertThat(report.superseded()).isEqualTo(1);
        assertThat(report.damages()).isEmpty();
    }

    @Test
    void shouldNameASegmentThatEndsEarlierThanTheCleanStopLeftIt() throws IOException {
        state(lastOffset, FREE);

        assertThat(verified().damages()).filteredOn(damage -> damage.offset() == lastOffset).extracting(Damage::what)
                .anyMatch(what -> what.startsWith("frames end here, the clean stop had them end at "));
    }

    @Test
    void shouldNameASegmentThatWasReclaimedAfterTheCleanStop() throws IOException {
        int slot = Integer.parseInt(String.valueOf(segment.getFileName()).replace(".seg", ""));
        try (ControlFile control = ControlFile.open(dir.resolve("control"), true)) {
            control.generationVolatile(slot, control.generationVolatile(slot) + 1);
        }

        StoreReport report = verified();

        assertThat(report.damages()).filteredOn(damage -> damage.file().endsWith(".seg")).extracting(Damage::what)
                .anyMatch(what -> what.contains(", the clean stop had "));
        assertThat(report.live()).as("of a generation that is over").isZero();
    }

    @Test
    void shouldNameAMissingIndex() throws IOException {
        Files.delete(dir.resolve("index"));

        assertThat(onlyDamage()).isEqualTo(new Damage("index", 0,
                "missing after a clean stop: the next start rebuilds it"));
    }

    @Test
    void shouldNotBelieveTheMarkerOfAnotherStart() throws IOException {
        byte[] marker = Files.readAllBytes(dir.resolve("index.clean"));
        new StoreFixture(dir).close();
        Files.write(dir.resolve("index.clean"), marker);

        StoreReport report = verified();

        assertThat(report.isCleanStop()).isFalse();
        assertThat(report.damages()).extracting(Damage::what).contains("of another start than the journal");
    }

    @Test
    void shouldNameAFlippedPayload() throws IOException {
        flip(segment, payloadOffset + 1);

        assertThat(onlyDamage()).isEqualTo(new Damage("segments/" + segment.getFileName(), frameOffset,
                "payload checksum does not match: key=b"));
    }

    @Test
    void shouldNameFlippedMetadata() throws IOException {
        flip(segment, tagOffset);

        StoreReport report = verified();

        assertThat(report.damages().getFirst()).isEqualTo(new Damage("segments/" + segment.getFileName(), frameOffset,
                "metadata checksum does not match: key=b"));
    }

    @Test
    void shouldNameAFlippedHeaderAndWhatIsLostWithIt() throws IOException {
        flip(segment, frameOffset + EPOCH_OFFSET);

        StoreReport report = verified();

        assertThat(report.damages()).contains(new Damage("segments/" + segment.getFileName(), frameOffset,
                "frame header does not pass, what lies behind cannot be found"));
        assertThat(report.live()).isEqualTo(1);
    }

    @Test
    void shouldNameATruncatedSegment() throws IOException {
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.truncate(100_000);
        }

        StoreReport report = verified();

        assertThat(report.damages().getFirst().file()).isEqualTo("segments/" + segment.getFileName());
        assertThat(report.damages().getFirst().what()).contains("fileLength=").contains("100000");
    }

    @Test
    void shouldNameASegmentOfAnotherSlot() throws IOException {
        Files.copy(segment, dir.resolve("segments/900.seg"));

        assertThat(onlyDamage().what()).contains("under the name of slot 900");
    }

    @Test
    void shouldNameAMissingSegment() throws IOException {
        Files.delete(segment);

        assertThat(verified().damages()).extracting(Damage::what)
                .contains("missing or not usable, a clean stop left it");
    }

    @Test
    void shouldNameADamagedJournalControlMarkerAndIndex() throws IOException {
        for (String name : new String[]{"journal", "control", "index.clean", "index"}) {
            Path file = dir.resolve(name);
            byte[] whole = Files.readAllBytes(file);
            flip(file, name.equals("index") ? 5000 : 2);

            assertThat(verified().damages()).as(name).extracting(Damage::file).contains(name);

            Files.write(file, whole);
        }
        assertThat(verified().damages()).isEmpty();
    }

    @Test
    void shouldNameAnIndexThatPointsElsewhere() throws IOException {
        flip(segment, frameOffset + STATE_OFFSET + 1);

        assertThat(verified().damages()).extracting(Damage::file).contains("index");
    }

    @Test
    void shouldNameAFlippedState() throws IOException {
        flip(segment, frameOffset + STATE_OFFSET);

        assertThat(verified().damages()).extracting(Damage::toString)
                .anyMatch(damage -> damage.contains("state=0x33333323 is none: key=b"));
    }

    @Test
    void shouldGoOnBehindAFrameWithoutAState() throws IOException {
        flip(segment, frameOffset + STATE_OFFSET);

        assertThat(verified().live()).as("a and c").isEqualTo(2);
    }

    @Test
    void shouldRefuseADirectoryInUseNamingThePid() {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            fixture.get("a");

            assertThatThrownBy(this::verified).isInstanceOfSatisfying(TiercelException.class,
                    e -> assertThat(e.code()).isEqualTo(ErrorCode.NODE_UNAVAILABLE))
                    .hasMessageContaining("pid=" + ProcessHandle.current().pid());
        }
    }

    @Test
    void shouldRefuseWhatIsNoDirectoryOfANode() {
        dir = temp.resolve("other");

        assertThatThrownBy(this::verified).isInstanceOfSatisfying(TiercelException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
        assertThat(dir).doesNotExist();
    }
}
