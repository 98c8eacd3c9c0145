package io.tiercel.storage.contract.mutant;

import static io.tiercel.storage.contract.mutant.Stores.drawn;

import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import io.tiercel.storage.contract.PassingStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Stores that write wrongly. */
final class BrokenWrites {
    private BrokenWrites() {}

    static List<Mutant> mutants() {
        return List.of(
                Mutant.of("nothing is replaced unless asked",
                        whole -> asked(whole, options -> options.overwrite(true)), "shouldNotOverwriteUnlessAsked",
                        "shouldNotOverwriteWhatAppearedWhileTheSourceWasRead", "shouldLetOneOfManyCreatorsWin"),
                Mutant.of("a create is decided in one step", whole -> writing(whole, BrokenWrites::lookThenReplace),
                        "shouldNotOverwriteWhatAppearedWhileTheSourceWasRead", "shouldLetOneOfManyCreatorsWin"),
                Mutant.of("a result says what was before", whole -> writing(whole, BrokenWrites::alwaysCreated),
                        "shouldOverwriteWhenAsked"),
                Mutant.of("a result describes what is there", whole -> writing(whole, BrokenWrites::describeTheRequest),
                        "shouldDescribeWhatItWrote"),
                Mutant.of("parents appear by themselves", whole -> writing(whole, BrokenWrites::needParents),
                        "shouldMakeMissingParents"),
                Mutant.of("what is in the way of a path stays", whole -> writing(whole, BrokenWrites::clearTheWay),
                        "shouldRefuseToWriteOnAFolder", "shouldRefuseToWriteUnderAFile",
                        "shouldRefuseWhenAFolderOrAFileAboveAppearedWhileTheSourceWasRead"),
                Mutant.of("a source is left open", whole -> writing(whole, BrokenWrites::closeTheSource),
                        "shouldTakeASourceFromWhereItStands"),
                Mutant.of("a source ends at its end", whole -> writing(whole, BrokenWrites::cutUnknownLengths),
                        "shouldTakeASourceOfUnknownLength"),
                Mutant.of("If-Match holds for writes",
                        whole -> asked(whole, options -> WriteOptions.REPLACE.userMetadata(options.userMetadata())),
                        "shouldReplaceOnlyTheVersionThatMustMatch", "shouldLetOneOfManyConditionalWritersWin"),
                Mutant.of("If-Match is decided in one step", whole -> writing(whole, BrokenWrites::compareThenReplace),
                        "shouldLetOneOfManyConditionalWritersWin"),
                Mutant.of("a source that fails leaves nothing", whole -> writing(whole, BrokenWrites::keepWhatCame),
                        "shouldLeaveNothingWhenTheSourceFails",
                        "shouldLetADefectOfTheSourceThroughAndLeaveNothing",
                        "shouldKeepTheOldVersionWhenTheSourceFails"),
                Mutant.of("no unfinished file is left", whole -> writing(whole, BrokenWrites::leaveAPart),
                        "shouldMakeMissingParents", "shouldReadWholeVersionsWhileOthersReplaceThem",
                        "shouldLeaveNothingWhenTheSourceFails", "shouldKeepTheInterruptOfTheCallingThread"),
                Mutant.of("the old version stays to the last", whole -> writing(whole, BrokenWrites::removeFirst),
                        "shouldKeepTheOldVersionWhenTheSourceFails"),
                Mutant.of("a defect of a source is the caller's", whole -> writing(whole, BrokenWrites::hideDefects),
                        "shouldLetADefectOfTheSourceThroughAndLeaveNothing"),
                Mutant.of("a source has the length that was said", whole -> writing(whole, BrokenWrites::takeAnyLength),
                        "shouldRefuseASourceOfAnotherLength"),
                Mutant.of("nothing shows before the end", whole -> writing(whole, BrokenWrites::showAtOnce),
                        "shouldShowNothingOfAWriteBeforeItIsDone"),
                Mutant.of("user metadata is kept", whole -> metadata(whole, all -> Map.of()),
                        "shouldKeepUserMetadataAsItIs", "shouldKeepAsMuchAsIsAllowed",
                        "shouldCarryContentTypeAndUserMetadataAlong"),
                Mutant.of("names of user metadata keep their capitals", whole -> metadata(whole, BrokenWrites::lower),
                        "shouldKeepUserMetadataAsItIs"),
                Mutant.of("long user metadata is not cut", whole -> metadata(whole, BrokenWrites::cut),
                        "shouldKeepAsMuchAsIsAllowed"),
                Mutant.of("a new object has new user metadata", whole -> writing(whole, BrokenWrites::addMetadata),
                        "shouldReplaceUserMetadataWithTheObject"));
    }

    /** A way to write. */
    private interface Way {
        WriteResult write(StorageAdapter whole, StorePath path, ReadableByteChannel source, long length,
                WriteOptions options);
    }

    private static StorageAdapter writing(StorageAdapter whole, Way way) {
        return new PassingStore(whole) {
            @Override
            public WriteResult write(StorePath path, ReadableByteChannel source, long length, WriteOptions options) {
                return way.write(whole, path, source, length, options);
            }
        };
    }

    private static StorageAdapter asked(StorageAdapter whole, UnaryOperator<WriteOptions> breaking) {
        return writing(whole, (store, path, source, length, options) -> store.write(path, source, length,
                breaking.apply(options)));
    }

    private static StorageAdapter metadata(StorageAdapter whole, UnaryOperator<Map<String, String>> breaking) {
        return asked(whole, options -> options.userMetadata(breaking.apply(options.userMetadata())));
    }

    private static WriteResult lookThenReplace(StorageAdapter whole, StorePath path, ReadableByteChannel source,
            long length, WriteOptions options) {
        if (Stores.isFile(whole, path)) {
            return whole.write(path, source, length, options);
        }
        return whole.write(path, source, length, options.overwrite(true));
    }

    private static WriteResult alwaysCreated(StorageAdapter whole, StorePath path, ReadableByteChannel source,
            long length, WriteOptions options) {
        return WriteResult.of(whole.write(path, source, length, options).info(), true);
    }

    private static WriteResult describeTheRequest(StorageAdapter whole, StorePath path, ReadableByteChannel source,
            long length, WriteOptions options) {
        boolean created = whole.write(path, source, length, options).isCreated();
        return WriteResult.of(ObjectInfo.file(path).length(length).build(), created);
    }

    private static WriteResult needParents(StorageAdapter whole, StorePath path, ReadableByteChannel source,
            long length, WriteOptions options) {
        StorePath parent = path.parent();
        if (parent != null) {
            whole.info(parent);
        }
        return whole.write(path, source, length, options);
    }

    private static WriteResult clearTheWay(StorageAdapter whole, StorePath path, ReadableByteChannel source,
            long length, WriteOptions options) {
        byte[] bytes = drawn(source);
        for (int count = 1; count < path.segmentCount(); count++) {
            if (Stores.isFile(whole, path.first(count))) {
                whole.delete(path.first(count), true);
            }
        }
        if (Stores.isFolder(whole, path) && !path.isRoot()) {
            whole.deleteRecursively(path);
        }
        return whole.write(path, ByteBuffer.wrap(bytes), options);
    }

    private static WriteResult closeTheSource(StorageAdapter whole, StorePath path, ReadableByteChannel source,
            long length, WriteOptions options) {
        try (ReadableByteChannel closed = source) {
            return whole.write(path, closed, length, options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static WriteResult cutUnknownLengths(StorageAdapter whole, StorePath path, ReadableByteChannel source,
            long length, WriteOptions options) {
        if (length != ObjectInfo.UNKNOWN_LENGTH) {
            return whole.write(path, source, length, options);
        }
        byte[] bytes = drawn(source);
        return whole.write(path, ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, 1 << 16)), options);
    }

    private static WriteResult compareThenReplace(StorageAdapter whole, StorePath path, ReadableByteChannel source,
            long length, WriteOptions options) {
        String ifMatch = options.ifMatch();
        if (ifMatch == null || !Stores.isFile(whole, path) || !ifMatch.equals(whole.info(path).etag())) {
            return whole.write(path, source, length, options);
        }
        return whole.write(path, source, length, WriteOptions.REPLACE.userMetadata(options.userMetadata()));
    }

    private static WriteResult keepWhatCame(StorageAdapter whole, StorePath path, ReadableByteChannel source,
            long length, WriteOptions options) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            Stores.draw(source, bytes);
        } catch (RuntimeException e) {
            whole.write(path, ByteBuffer.wrap(bytes.toByteArray()), options);
            throw e;
        }
        return whole.write(path, ByteBuffer.wrap(bytes.toByteArray()), options);
    }

    private static WriteResult leaveAPart(StorageAdapter whole, StorePath path, ReadableByteChannel source,
            long length, WriteOptions options) {
        whole.write(StorePath.of(path + ".part"), ByteBuffer.allocate(1), WriteOptions.REPLACE);
        return whole.write(path, source, length, options);
    }

    private static WriteResult removeFirst(StorageAdapter whole, StorePath path, ReadableByteChannel source,
            long length, WriteOptions options) {
        if (options.overwrite() && options.ifMatch() == null) {
            whole.delete(path, true);
        }
        return whole.write(path, source, length, options);
    }

    private static WriteResult hideDefects(StorageAdapter whole, StorePath path, ReadableByteChannel source,
            long length, WriteOptions options) {
        try {
            return whole.write(path, source, length, options);
        } catch (UnsupportedOperationException e) {
            throw StorageException.of(Kind.UNAVAILABLE).store(whole.name()).path(path).cause(e).build();
        }
    }

    private static WriteResult takeAnyLength(StorageAdapter whole, StorePath path, ReadableByteChannel source,
            long length, WriteOptions options) {
        return whole.write(path, source, ObjectInfo.UNKNOWN_LENGTH, options);
    }

    private static WriteResult showAtOnce(StorageAdapter whole, StorePath path, ReadableByteChannel source, long length,
            WriteOptions options) {
        if (Stores.exists(whole, path)) {
            return whole.write(path, source, length, options);
        }
        whole.write(path, ByteBuffer.allocate(0), WriteOptions.CREATE);
        return whole.write(path, source, length, options.overwrite(true));
    }

    private static WriteResult addMetadata(StorageAdapter whole, StorePath path, ReadableByteChannel source,
            long length, WriteOptions options) {
        Map<String, String> all = new HashMap<>(
                Stores.isFile(whole, path) ? whole.info(path).userMetadata() : Map.of());
        all.putAll(options.userMetadata());
        return whole.write(path, source, length, options.userMetadata(all));
    }

    private static Map<String, String> lower(Map<String, String> metadata) {
        Map<String, String> lower = new HashMap<>();
        metadata.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
        return lower;
    }

    private static Map<String, String> cut(Map<String, String> metadata) {
        Map<String, String> cut = new HashMap<>(metadata);
        cut.replaceAll((name, value) -> new String(Arrays.copyOf(value.toCharArray(), Math.min(value.length(), 1000))));
        return cut;
    }
}
