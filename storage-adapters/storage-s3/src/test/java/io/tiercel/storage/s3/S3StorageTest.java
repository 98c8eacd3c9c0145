package io.tiercel.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.SharedClients;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import io.tiercel.storage.contract.Transfers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Map;
import java.util.zip.CRC32C;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Large objects, uploads that end early, credentials, what lies in a bucket beside objects; against S3Proxy. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class S3StorageTest {
    private static final int MIB = 1 << 20;
    /** Three parts, the last of them short. */
    private static final int LONG = 20 * MIB;
    private static final StorePath PATH = StorePath.of("folder/object");

    private String bucket;
    private StorageProviders providers;
    private StorageAdapter store;

    @BeforeAll
    static void startServer() {
        S3ProxyServer.shared();
    }

    @BeforeEach
    void openStore() {
        bucket = S3ProxyServer.shared().newBucket();
        providers = StorageProviders.load();
        store = providers.open(S3ProxyServer.shared().storeOf(bucket));
    }

    @AfterEach
    void closeStore() {
        store.close();
        providers.close();
    }

    @Test
    void shouldWriteInPartsWhatIsLongerThanOne() {
        for (long length : new long[]{LONG, ObjectInfo.UNKNOWN_LENGTH}) {
            Source source = new Source(LONG, () -> {});

            WriteResult result = store.write(PATH, source, length,
                    WriteOptions.REPLACE.contentType("text/x-own").userMetadata(Map.of("Colour", "Blue")));

            assertThat(result.info().length()).isEqualTo(LONG);
            assertThat(result.etag()).isEqualTo(store.info(PATH).etag()).contains("-3");
            assertThat(store.info(PATH).contentType()).isEqualTo("text/x-own");
            assertThat(store.info(PATH).userMetadata()).containsExactly(Map.entry("Colour", "Blue"));
            assertThat(checksumOf(store, PATH)).isEqualTo(source.checksum());
        }
        assertThat(uploads()).isZero();
    }

    @Test
    void shouldWriteLengthsRoundTheLengthOfAPart() {
        for (int length : new int[]{8 * MIB - 1, 8 * MIB, 8 * MIB + 1}) {
            for (long told : new long[]{length, ObjectInfo.UNKNOWN_LENGTH}) {
                Source source = new Source(length, () -> {});

                store.write(PATH, source, told, WriteOptions.REPLACE);

                assertThat(store.info(PATH).length()).isEqualTo(length);
                assertThat(checksumOf(store, PATH)).isEqualTo(source.checksum());
            }
        }
    }

    @Test
    void shouldLeaveNoPartsBehindWhenTheSourceFails() {
        Source source = new Source(LONG, () -> {
            assertThat(uploads()).isEqualTo(1);
            throw new IOException("the source broke");
        });

        assertThatThrownBy(() -> store.write(PATH, source, LONG, WriteOptions.CREATE))
                .isInstanceOf(UncheckedIOException.class);

        assertThat(uploads()).isZero();
        assertFails(Kind.NOT_FOUND, () -> store.info(PATH));
    }

    @Test
    void shouldLeaveNoPartsBehindWhenTheStoreIsClosed() {
        Source source = new Source(LONG, () -> store.close());

        assertFails(Kind.UNAVAILABLE, () -> store.write(PATH, source, LONG, WriteOptions.CREATE));

        assertThat(uploads()).isZero();
    }

    @Test
    void shouldLeaveNoPartsBehindWhenTheThreadIsInterrupted() {
        Source source = new Source(LONG, () -> Thread.currentThread().interrupt());

        StorageException failure = catchThrowableOfType(StorageException.class,
                () -> store.write(PATH, source, LONG, WriteOptions.CREATE));

        assertThat(Thread.interrupted()).as("interrupt kept").isTrue();
        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("interrupted");
        assertThat(uploads()).isZero();
    }

    @Test
    void shouldNotOverwriteInPartsWhatAppearedMeanwhile() {
        Source source = new Source(LONG,
                () -> store.write(PATH, ByteBuffer.wrap(new byte[3]), WriteOptions.CREATE));

        assertFails(Kind.ALREADY_EXISTS, () -> store.write(PATH, source, LONG, WriteOptions.CREATE));

        assertThat(store.info(PATH).length()).isEqualTo(3);
        assertThat(uploads()).isZero();
    }

    @Test
    void shouldCopyInPartsWhatIsTooLongForOneRequest() {
        StorePath other = StorePath.of("other");
        Source source = new Source(LONG, () -> {});
        S3Location location = S3Location.of(URI.create(S3ProxyServer.shared().storeOf(bucket)));
        try (SharedClients clients = new SharedClients(0);
                StorageAdapter small = S3Storage.open(location, clients, 6 * MIB)) {
            small.write(PATH, source, LONG, WriteOptions.CREATE.contentType("text/x-own")
                    .userMetadata(Map.of("Colour", "Blue")));

            WriteResult copied = small.copy(PATH, other, false);

            assertThat(copied.etag()).isEqualTo(small.info(other).etag());
            assertThat(small.info(other).contentType()).isEqualTo("text/x-own");
            assertThat(small.info(other).userMetadata()).containsExactly(Map.entry("Colour", "Blue"));
            assertThat(checksumOf(small, other)).isEqualTo(source.checksum());
            assertFails(Kind.ALREADY_EXISTS, () -> small.copy(PATH, other, false));
        }
        assertThat(uploads()).isZero();
    }

    @Test
    void shouldKeepToItsPrefix() {
        try (StorageAdapter below = providers.open(
                "s3://" + bucket + "/pre%20fix/x?region=us-east-1&endpoint=" + S3ProxyServer.shared().endpoint())) {
            below.write(PATH, ByteBuffer.wrap(new byte[3]), WriteOptions.CREATE);
            store.write(StorePath.of("pre fix/xy"), ByteBuffer.wrap(new byte[3]), WriteOptions.CREATE);

            assertThat(below.totals(StorePath.ROOT).count()).isEqualTo(1);
            assertThat(store.info(StorePath.of("pre fix/x/folder/object")).length()).isEqualTo(3);
        }
    }

    @Test
    void shouldShowAnEmptyFolderThatHasAMarkerAndRemoveIt() {
        try (S3Client client = S3ProxyServer.shared().client()) {
            client.putObject(request -> request.bucket(bucket).key("empty/"), RequestBody.empty());
        }

        assertThat(store.info(StorePath.of("empty")).isFolder()).isTrue();
        assertThat(store.totals(StorePath.of("empty")).count()).isZero();
        assertFails(Kind.INVALID_PATH, () -> store.open(StorePath.of("empty")));
        assertThat(store.deleteRecursively(StorePath.of("empty"))).isZero();
        assertFails(Kind.NOT_FOUND, () -> store.info(StorePath.of("empty")));
    }

    @Test
    void shouldTellCredentialsThatAreRefusedAndKeepThemToItself() {
        try (StorageAdapter stranger = providers
                .open(S3ProxyServer.shared().storeOf(bucket) + "&anonymous=true")) {
            StorageException failure = catchThrowableOfType(StorageException.class, stranger::ping);

            assertThat(failure.kind()).isEqualTo(Kind.PERMISSION_DENIED);
        }
        try (StorageAdapter missing = providers.open(S3ProxyServer.shared().storeOf("no-such-bucket"))) {
            StorageException failure = catchThrowableOfType(StorageException.class, missing::ping);

            assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
            assertThat(failure).hasMessageContaining("the bucket is missing");
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            assertThat(trace + missing.name() + missing).doesNotContain(S3ProxyServer.KEY);
        }
    }

    @Test
    void shouldAllocateNoBodyOnTheHeapInATransfer() {
        long length = Boolean.getBoolean("tiercel.full") ? 1L << 30 : 64L << 20;
        store.write(PATH, new Source(3 * 8 * MIB, () -> {}), 3 * 8 * MIB, WriteOptions.REPLACE);
        checksumOf(store, PATH);

        long before = Transfers.allocatedByThisThread();
        store.write(PATH, new Source(length, () -> {}), length, WriteOptions.REPLACE);
        long written = Transfers.allocatedByThisThread() - before;
        before = Transfers.allocatedByThisThread();
        ByteBuffer target = ByteBuffer.allocateDirect(256 << 10);
        long seen = 0;
        try (ObjectRead read = store.open(PATH)) {
            for (int count = read.read(target); count >= 0; count = read.read(target.clear())) {
                seen += count;
            }
        }
        long readBack = Transfers.allocatedByThisThread() - before;

        assertThat(seen).isEqualTo(length);
        System.out.printf("transfer of %d MiB: %d KiB of heap to write, %d KiB to read%n", length >> 20,
                written >> 10, readBack >> 10);
        assertThat(written + readBack).isLessThan(4L << 20);
    }

    private int uploads() {
        try (S3Client client = S3ProxyServer.shared().client()) {
            return client.listMultipartUploads(request -> request.bucket(bucket)).uploads().size();
        }
    }

    private static long checksumOf(StorageAdapter store, StorePath path) {
        CRC32C checksum = new CRC32C();
        ByteBuffer target = ByteBuffer.allocateDirect(100_000);
        try (ObjectRead read = store.open(path)) {
            while (read.read(target) >= 0) {
                checksum.update(target.flip());
                target.clear();
            }
        }
        return checksum.getValue();
    }

    private static void assertFails(Kind kind, ThrowingCallable call) {
        StorageException failure = catchThrowableOfType(StorageException.class, call);
        assertThat(failure).as("failure of kind %s", kind).isNotNull();
        assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
    }

    /** Bytes that differ from place to place; when all but the last of them are given, something happens. Not threadsafe. */
    private static final class Source implements ReadableByteChannel {
        /** What happens. */
        interface Event {
            void happen() throws IOException;
        }

        private static final byte[] PATTERN = pattern();

        private final long length;
        private final Event event;
        private final CRC32C checksum = new CRC32C();
        private long position;

        private Source(long length, Event event) {
            this.length = length;
            this.event = event;
        }

        private static byte[] pattern() {
            byte[] pattern = new byte[65_521];
            for (int i = 0; i < pattern.length; i++) {
                pattern[i] = (byte) (i * 31 ^ i >>> 8);
            }
            return pattern;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            if (position == length) {
                return -1;
            }
            if (position == length - 1) {
                event.happen();
            }
            int from = (int) (position % PATTERN.length);
            long before = position < length - 1 ? length - 1 - position : 1;
            int count = (int) Math.min(Math.min(target.remaining(), PATTERN.length - from), before);
            target.put(PATTERN, from, count);
            checksum.update(PATTERN, from, count);
            position += count;
            return count;
        }

        private long checksum() {
            return checksum.getValue();
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // There is nothing to release.
        }
    }
}
