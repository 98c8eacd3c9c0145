package io.tiercel.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tiercel.storage.CacheRules;
import io.tiercel.storage.Capability;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.s3.FakeS3.Answer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What S3's own answers mean, those that S3Proxy does not give among them. Each takes one request, and no second try. */
class S3AnswersTest {
    private static final StorePath PATH = StorePath.of("folder/object");

    private FakeS3 server;
    private StorageProviders providers;
    private StorageAdapter store;

    @BeforeEach
    void startServer() throws IOException {
        server = new FakeS3();
        providers = StorageProviders.load();
        store = providers.open(server.store(""));
    }

    @AfterEach
    void stopServer() {
        store.close();
        providers.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"403, AccessDenied, PERMISSION_DENIED", "403, InvalidAccessKeyId, PERMISSION_DENIED",
        "403, SignatureDoesNotMatch, PERMISSION_DENIED", "403, RequestTimeTooSkewed, PERMISSION_DENIED",
        "401, Unauthorized, PERMISSION_DENIED", "400, ExpiredToken, PERMISSION_DENIED",
        "400, InvalidRequest, UNAVAILABLE", "500, InternalError, UNAVAILABLE", "503, SlowDown, UNAVAILABLE",
        "429, TooManyRequests, UNAVAILABLE", "404, NoSuchBucket, NOT_FOUND",
        "403, InvalidObjectState, NOT_YET_AVAILABLE",
        "405, MethodNotAllowed, UNAVAILABLE", "301, PermanentRedirect, UNAVAILABLE"})
    void shouldSayWhatARefusedReadMeans(int status, String code, Kind kind) {
        server.script(request -> Answer.error(status, code));

        StorageException failure = assertFails(kind, () -> store.open(PATH));

        assertThat(failure.path()).isEqualTo("folder/object");
        assertThat(failure.store()).isEqualTo(store.name());
        assertThat(failure).hasMessageNotContaining("words of S3");
        assertThat(server.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"429, 7, 7000", "503, 120, 120000", "503, soon, 0", "503, 99999999999, 0"})
    void shouldTellWhenToTryAgain(int status, String retryAfter, int ms) {
        server.script(request -> Answer.error(status, "SlowDown").with("Retry-After", retryAfter));

        assertThat(assertFails(Kind.UNAVAILABLE, () -> store.open(PATH)).retryAfterMs()).isEqualTo(ms);
        assertThat(assertFails(Kind.UNAVAILABLE, () -> store.info(PATH)).retryAfterMs()).isEqualTo(ms);
        assertThat(assertFails(Kind.UNAVAILABLE, () -> store.ping()).retryAfterMs()).isEqualTo(ms);
        assertThat(server.requests()).hasSize(3);
    }

    @Test
    void shouldTellOfAnArchivedObjectWhenItMayBeThere() {
        server.script(request -> Answer.error(403, "InvalidObjectState", "<StorageClass>DEEP_ARCHIVE</StorageClass>"));

        StorageException failure = assertFails(Kind.NOT_YET_AVAILABLE, () -> store.open(PATH));

        assertThat(failure.retryAfterMs()).isEqualTo(12 * 3_600_000);
        assertThat(failure).hasMessageContaining("archived as DEEP_ARCHIVE").hasMessageContaining("restored");
    }

    @Test
    void shouldAskForNoBytesOfTheVersionThatTheCallerHas() {
        store.write(PATH, ByteBuffer.wrap(new byte[10]), WriteOptions.CREATE);
        String etag = FakeS3.etagOf(new byte[10]);
        server.requests().clear();

        for (int i = 0; i < 3; i++) {
            try (ObjectRead read = store.open(PATH, ReadOptions.WHOLE.ifNoneMatch(etag))) {
                assertThat(read.isUnchanged()).isTrue();
                assertThat(read.info().etag()).isEqualTo(etag);
                assertThat(read.info().cacheRules()).isEqualTo(new CacheRules(30_000, true));
            }
        }
        try (ObjectRead read = store.open(PATH, ReadOptions.WHOLE.ifNoneMatch("\"another\""))) {
            assertThat(read.isUnchanged()).isFalse();
            assertThat(read.length()).isEqualTo(10);
        }

        assertThat(server.requests()).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource({"'max-age=60, s-maxage=20', 5, 15000, true", "no-store, 0, -1, false", "private, 0, -1, false",
        "no-cache, 0, 0, true", "public, 0, -1, true"})
    void shouldTellHowLongAnAnswerHolds(String cacheControl, String age, long maxAgeMs, boolean mayStore) {
        CacheRules rules = new CacheRules(maxAgeMs, mayStore);
        server.script(request -> new Answer(200, Map.of("ETag", "\"1\"", "Cache-Control", cacheControl, "Age", age),
                "words"));

        assertThat(store.info(PATH).cacheRules()).isEqualTo(rules);
        try (ObjectRead read = store.open(PATH)) {
            assertThat(read.info().cacheRules()).isEqualTo(rules);
        }
    }

    @Test
    void shouldTellWhenAnAnswerExpires() {
        server.script(request -> new Answer(200, Map.of("ETag", "\"1\"", "Expires", "Fri, 01 Jan 2100 00:00:00 GMT"),
                "words"));
        assertThat(store.info(PATH).cacheRules().maxAgeMs()).isGreaterThan(TimeUnit.DAYS.toMillis(365));

        server.script(request -> new Answer(200, Map.of("ETag", "\"1\"", "Expires", "0"), "words"));
        assertThat(store.info(PATH).cacheRules()).isEqualTo(new CacheRules(0, true));
    }

    @Test
    void shouldNameTheRegionOfABucketThatIsElsewhere() {
        server.script(request -> Answer.error(301, "PermanentRedirect").with("x-amz-bucket-region", "eu-west-3"));
        assertThat(assertFails(Kind.UNAVAILABLE, () -> store.ping())).hasMessageContaining("region=eu-west-3")
                .hasMessageContaining("us-east-1");
        assertThat(assertFails(Kind.UNAVAILABLE, () -> store.info(PATH))).hasMessageContaining("region=eu-west-3");

        server.script(request -> Answer.error(400, "AuthorizationHeaderMalformed", "<Region>eu-south-1</Region>"));
        assertThat(assertFails(Kind.UNAVAILABLE, () -> store.open(PATH))).hasMessageContaining("region=eu-south-1");
    }

    @Test
    void shouldTellTheReasonsOfAFailedPingApart() {
        server.script(request -> Answer.error(404, "NoSuchBucket"));
        assertFails(Kind.NOT_FOUND, () -> store.ping());
        server.script(request -> Answer.error(403, "AccessDenied"));
        assertFails(Kind.PERMISSION_DENIED, () -> store.ping());
        server.script(request -> Answer.error(503, "SlowDown"));
        assertFails(Kind.UNAVAILABLE, () -> store.ping());
        server.close();
        assertFails(Kind.UNAVAILABLE, () -> store.ping());
    }

    @Test
    void shouldTakeAMissingBucketForAMissingPath() {
        server.script(request -> Answer.error(404, "NoSuchBucket"));

        store.delete(PATH, true);
        assertThat(store.deleteRecursively(PATH)).isZero();
        try (ListingCursor cursor = store.list(StorePath.ROOT, ListOptions.RECURSIVE)) {
            assertThat(cursor.nextPage()).isEmpty();
        }
        assertFails(Kind.NOT_FOUND, () -> store.info(PATH));
        assertFails(Kind.NOT_FOUND, () -> store.delete(PATH, false));
        assertFails(Kind.NOT_FOUND, () -> store.open(PATH));
    }

    @Test
    void shouldFailOnTheSecondPageWhateverItIs() {
        for (Answer answer : List.of(Answer.error(404, "NoSuchBucket"), Answer.error(500, "InternalError"),
                Answer.error(403, "AccessDenied"))) {
            server.script(request -> request.getRequestURI().getQuery().contains("continuation-token")
                    ? answer
                    : page("<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>"
                            + "<Contents><Key>a</Key><Size>1</Size></Contents>"));
            try (ListingCursor cursor = store.list(StorePath.ROOT, ListOptions.RECURSIVE.pageSize(1))) {
                assertThat(cursor.nextPage()).hasSize(1);
                assertThat(catchThrowableOfType(StorageException.class, cursor::nextPage).kind())
                        .isNotEqualTo(Kind.NOT_FOUND);
                assertThat(catchThrowableOfType(StorageException.class, cursor::nextPage)).isNotNull();
            }
        }
    }

    @Test
    void shouldNotTakeACutListingForAWhole() {
        server.script(request -> page(
                "<IsTruncated>true</IsTruncated><Contents><Key>a</Key><Size>1</Size></Contents>"));

        try (ListingCursor cursor = store.list(StorePath.ROOT, ListOptions.RECURSIVE)) {
            assertFails(Kind.UNAVAILABLE, cursor::nextPage);
        }
    }

    @Test
    void shouldShowMarkersAsFoldersAndLeaveOutKeysThatNoPathSpells() {
        server.script(request -> page("<IsTruncated>false</IsTruncated>" + contents("a/", "a/b/", "a/b/c", "a//d",
                "/e", "./f", "g/../h", "i\\j", "k/./l", "m..n")));

        try (ListingCursor cursor = store.list(StorePath.ROOT, ListOptions.RECURSIVE)) {
            assertThat(cursor.nextPage().stream().map(info -> info.isFolder() ? info.path() + "/" : info.path() + ""))
                    .containsExactly("a/", "a/b/", "a/b/c", "m..n");
        }
    }

    @Test
    void shouldNameTheConditionThatAnEndpointDoesNotTake() {
        server.script(request -> request.getRequestMethod().equals("PUT")
                ? Answer.error(501, "NotImplemented")
                : Answer.error(404, "NoSuchKey"));

        StorageException failure = assertFails(Kind.CAPABILITY_NOT_SUPPORTED, () -> write(WriteOptions.CREATE));

        assertThat(failure.capability()).isEqualTo(Capability.CONDITIONAL);
        assertThat(failure).hasMessageContaining("conditionalWrites=false");
        assertFails(Kind.UNAVAILABLE, () -> write(WriteOptions.REPLACE));
    }

    @Test
    void shouldWriteWithoutConditionsWhereToldTo() throws IOException {
        try (StorageAdapter plain = providers.open(server.store("&conditionalWrites=false"))) {
            server.script(request -> request.getRequestHeaders().containsKey("If-None-Match")
                    || request.getRequestHeaders().containsKey("If-Match")
                            ? Answer.error(501, "NotImplemented")
                            : null);

            assertThat(plain.write(PATH, ByteBuffer.wrap(new byte[3]), WriteOptions.CREATE).isCreated()).isTrue();
            assertFails(Kind.ALREADY_EXISTS,
                    () -> plain.write(PATH, ByteBuffer.wrap(new byte[3]), WriteOptions.CREATE));
            assertThat(assertFails(Kind.CAPABILITY_NOT_SUPPORTED,
                    () -> plain.write(PATH, ByteBuffer.wrap(new byte[3]), WriteOptions.CREATE.ifMatch("\"x\"")))
                    .capability()).isEqualTo(Capability.CONDITIONAL);
        }
    }

    @Test
    void shouldSayWhoWonWhenAnotherWriteIsUnderWay() {
        server.script(request -> request.getRequestMethod().equals("PUT")
                ? Answer.error(409, "ConditionalRequestConflict")
                : Answer.error(404, "NoSuchKey"));
        assertFails(Kind.UNAVAILABLE, () -> write(WriteOptions.CREATE));

        server.requests().clear();
        server.script(request -> {
            boolean put = server.requests().stream().anyMatch(line -> line.startsWith("PUT"));
            if (request.getRequestMethod().equals("PUT")) {
                return Answer.error(409, "ConditionalRequestConflict");
            }
            return put ? new Answer(200, Map.of("ETag", "\"x\""), "abc") : Answer.error(404, "NoSuchKey");
        });
        assertFails(Kind.ALREADY_EXISTS, () -> write(WriteOptions.CREATE));
    }

    @Test
    void shouldLetTheWriteDecideWhereWeMayNotLook() {
        server.script(request -> request.getRequestMethod().equals("HEAD") ? Answer.error(403, "AccessDenied") : null);

        assertThat(write(WriteOptions.CREATE)).isNotNull();
        assertFails(Kind.ALREADY_EXISTS, () -> write(WriteOptions.CREATE));
        assertThat(write(WriteOptions.REPLACE)).isNotNull();
    }

    @Test
    void shouldRefuseAnAnswerOfAnotherVersionOrRange() {
        server.script(request -> new Answer(200, Map.of("ETag", "\"other\""), "abc"));
        assertFails(Kind.PRECONDITION_FAILED, () -> store.open(PATH, ReadOptions.WHOLE.ifMatch("\"mine\"")));
        assertFails(Kind.UNAVAILABLE, () -> store.open(PATH, ReadOptions.WHOLE.range(1, 2)));

        server.script(request -> new Answer(206, Map.of("ETag", "\"x\"", "Content-Range", "bytes 0-2/10"), "abc"));
        assertFails(Kind.UNAVAILABLE, () -> store.open(PATH, ReadOptions.WHOLE.range(1, 3)));
        assertFails(Kind.UNAVAILABLE, () -> store.open(PATH, ReadOptions.WHOLE.range(0, 4)));
        try (ObjectRead read = store.open(PATH, ReadOptions.WHOLE.range(0, 3))) {
            assertThat(read.info().length()).isEqualTo(10);
        }
    }

    @Test
    void shouldRemoveOneByOneWhereManyAtOnceAreNotTaken() {
        server.script(request -> switch (request.getRequestMethod()) {
            case "POST" -> Answer.error(501, "NotImplemented");
            case "DELETE" -> new Answer(204, Map.of(), "");
            default -> page("<IsTruncated>false</IsTruncated>" + contents("folder/a", "folder/b", "folder/"));
        });

        assertThat(store.deleteRecursively(StorePath.of("folder"))).isEqualTo(2);

        assertThat(server.requests().stream().filter(line -> line.startsWith("DELETE"))).hasSize(3);
    }

    @Test
    void shouldSayThatAnObjectStays() {
        server.script(request -> request.getRequestMethod().equals("POST")
                ? new Answer(200, Map.of("Content-Type", "application/xml"),
                        "<DeleteResult><Error><Key>folder/a</Key><Code>AccessDenied</Code></Error></DeleteResult>")
                : page("<IsTruncated>false</IsTruncated>" + contents("folder/a")));

        assertFails(Kind.PERMISSION_DENIED, () -> store.deleteRecursively(StorePath.of("folder")));
    }

    @Test
    void shouldNotTakeTextForAListing() {
        server.script(request -> new Answer(200, Map.of("Content-Type", "text/html"), "<html>please log in"));

        assertFails(Kind.UNAVAILABLE, () -> store.ping());
        try (ListingCursor cursor = store.list(StorePath.ROOT, ListOptions.DIRECT)) {
            assertFails(Kind.UNAVAILABLE, cursor::nextPage);
        }
    }

    @Test
    void shouldWorkOnceTheServerIsThere() {
        server.script(request -> Answer.error(503, "SlowDown"));
        assertFails(Kind.UNAVAILABLE, () -> write(WriteOptions.CREATE));
        server.script(request -> null);

        assertThat(write(WriteOptions.CREATE)).isNotNull();
    }

    @Test
    void shouldRefuseAKeyThatNoBucketTakes() {
        StorePath path = StorePath.of("\u00e4".repeat(513));

        assertFails(Kind.INVALID_PATH, () -> store.open(path));
        assertFails(Kind.INVALID_PATH, () -> store.write(path, ByteBuffer.allocate(1), WriteOptions.CREATE));
        assertThat(server.requests()).isEmpty();
    }

    private Object write(WriteOptions options) {
        return store.write(PATH, ByteBuffer.wrap(new byte[3]), options);
    }

    private static String contents(String... keys) {
        StringBuilder out = new StringBuilder();
        for (String key : keys) {
            out.append("<Contents><Key>").append(key).append("</Key><Size>1</Size></Contents>");
        }
        return out.toString();
    }

    private static Answer page(String inside) {
        return new Answer(200, Map.of("Content-Type", "application/xml"),
                "<ListBucketResult>" + inside + "</ListBucketResult>");
    }

    private static StorageException assertFails(Kind kind, ThrowingCallable call) {
        StorageException failure = catchThrowableOfType(StorageException.class, call);
        assertThat(failure).as("failure of kind %s", kind).isNotNull();
        assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
        return failure;
    }
}
