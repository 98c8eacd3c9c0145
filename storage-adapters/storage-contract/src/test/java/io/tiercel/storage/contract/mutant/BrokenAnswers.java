package io.tiercel.storage.contract.mutant;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import io.tiercel.storage.contract.PassingStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.channels.ReadableByteChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Stores that say wrong things of themselves, of paths and of failures. */
final class BrokenAnswers {
    private BrokenAnswers() {}

    static List<Mutant> mutants() {
        return List.of(Mutant.of("what is missing is NOT_FOUND",
                whole -> failing(whole, e -> ofKind(e, Kind.NOT_FOUND, Kind.PERMISSION_DENIED)),
                "shouldReportAMissingObject", "shouldTellAMissingObjectAndAFolderFromARange",
                "shouldReportAMissingPath", "shouldReportAMissingObjectUnlessThatIsFine",
                "shouldReportAMissingSourceAheadOfTheDestination", "shouldAddUpNothingToZeroAndMissToNotFound"),
                Mutant.of("a wrong kind is INVALID_PATH",
                        whole -> failing(whole, e -> ofKind(e, Kind.INVALID_PATH, Kind.NOT_FOUND)),
                        "shouldRefuseFileOperationsOnEverySpellingOfTheRoot", "shouldRefuseToOpenAFolder",
                        "shouldTellAMissingObjectAndAFolderFromARange", "shouldRefuseToWriteOnAFolder",
                        "shouldRefuseToWriteUnderAFile", "shouldRefuseAFolderEvenWhereMissingIsFine",
                        "shouldRefuseToRemoveAFileAsAFolder", "shouldRefuseWrongKindsOnEitherSide"),
                Mutant.of("a failure names its path",
                        whole -> failing(whole, e -> StorageException.of(e.kind()).store(e.store()).build()),
                        "shouldNameKindPathAndStoreInAFailure"),
                Mutant.of("a path under a file is missing", BrokenAnswers::invalidUnderAFile,
                        "shouldFindNothingUnderAFile", "shouldTakeAPathUnderAFileAsMissing"),
                Mutant.of("the root is always there", BrokenAnswers::withoutRoot, "shouldHaveAnEmptyFolderAsItsRoot"),
                Mutant.of("times are milliseconds",
                        whole -> info(whole, (info, part) -> part.lastModifiedMs(info.lastModifiedMs() / 1000)),
                        "shouldDescribeAFile"),
                Mutant.of("a folder has no ETag",
                        whole -> info(whole, (info, part) -> info.isFolder() ? part.etag("\"folder\"") : part),
                        "shouldDescribeAFolder"),
                Mutant.of("names are compared whole", BrokenAnswers::foundByPrefix, "shouldReportAMissingPath"),
                Mutant.of("an ETag stays while the bytes do", BrokenAnswers::newEtagEachTime,
                        "shouldGiveAStrongEtagThatStaysWhileNothingChanges"),
                Mutant.of("an ETag is of the bytes",
                        whole -> info(whole, (info, part) -> part.etag("\"" + info.length() + "\"")),
                        "shouldChangeTheEtagWhenBytesOfEqualLengthReplaceOthers"),
                Mutant.of("capital letters count", BrokenAnswers::lowerCase,
                        "shouldTellNamesApartThatDifferInCaseOrComposition"),
                Mutant.of("what is not declared is refused", BrokenAnswers::moreThanDeclared,
                        "shouldNameTheCapabilityThatARangeOrAConditionLacks",
                        "shouldRefuseUserMetadataThatItCannotKeep", "shouldNameMoveAndCopyWhereTheyAreMissing",
                        "shouldNameTheCapabilityThatIsMissing"),
                Mutant.of("capabilities cannot be changed", BrokenAnswers::changingCapabilities,
                        "shouldHaveCapabilitiesThatNobodyChanges"),
                Mutant.of("an empty store answers a ping", BrokenAnswers::silent, "shouldAnswerAPing"),
                Mutant.of("close is terminal", BrokenAnswers::neverClosed,
                        "shouldBeUnavailableAheadOfEverythingOnceClosed",
                        "shouldEndReadsAndListingsWhenTheStoreIsClosed",
                        "shouldLeaveNothingOfAWriteThatTheCloseOvertook"),
                Mutant.of("an interrupt is kept", BrokenAnswers::deafToInterrupts,
                        "shouldKeepTheInterruptOfTheCallingThread"));
    }

    /** Has every call fail otherwise. */
    private static StorageAdapter failing(StorageAdapter whole, UnaryOperator<StorageException> breaking) {
        return (StorageAdapter) Proxy.newProxyInstance(StorageAdapter.class.getClassLoader(),
                new Class<?>[]{StorageAdapter.class}, (proxy, method, arguments) -> {
                    try {
                        return method.invoke(whole, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause() instanceof StorageException failure ? breaking.apply(failure) : e.getCause();
                    }
                });
    }

    private static StorageException ofKind(StorageException failure, Kind right, Kind wrong) {
        return StorageException.of(failure.kind() == right ? wrong : failure.kind()).store(failure.store())
                .path(StorePath.of(failure.path())).because("mutant").build();
    }

    /** Has a part of an info say something else. */
    private interface Description {
        ObjectInfo.Builder of(ObjectInfo info, ObjectInfo.Builder part);
    }

    private static StorageAdapter info(StorageAdapter whole, Description breaking) {
        return new PassingStore(whole) {
            @Override
            public ObjectInfo info(StorePath path) {
                ObjectInfo info = super.info(path);
                return breaking.of(info, info.at(path)).build();
            }
        };
    }

    private static StorageAdapter newEtagEachTime(StorageAdapter whole) {
        AtomicInteger looks = new AtomicInteger();
        return info(whole, (info, part) -> part.etag("\"" + looks.incrementAndGet() + "\""));
    }

    private static StorageAdapter invalidUnderAFile(StorageAdapter whole) {
        return new PassingStore(whole) {
            @Override
            public ObjectRead open(StorePath path, ReadOptions options) {
                requireNoFileAbove(path);
                return super.open(path, options);
            }

            @Override
            public void delete(StorePath path, boolean missingIsFine) {
                requireNoFileAbove(path);
                super.delete(path, missingIsFine);
            }

            private void requireNoFileAbove(StorePath path) {
                for (int count = 1; count < path.segmentCount(); count++) {
                    if (Stores.isFile(whole, path.first(count))) {
                        throw StorageException.of(Kind.INVALID_PATH).store(name()).path(path).build();
                    }
                }
            }
        };
    }

    private static StorageAdapter withoutRoot(StorageAdapter whole) {
        return new PassingStore(whole) {
            @Override
            public ObjectInfo info(StorePath path) {
                if (path.isRoot()) {
                    throw StorageException.of(Kind.NOT_FOUND).store(name()).build();
                }
                return super.info(path);
            }
        };
    }

    private static StorageAdapter foundByPrefix(StorageAdapter whole) {
        return new PassingStore(whole) {
            @Override
            public ObjectInfo info(StorePath path) {
                boolean isPrefix = Stores.entries(whole, StorePath.ROOT, ListOptions.RECURSIVE).stream()
                        .anyMatch(entry -> entry.path().toString().startsWith(path.toString()));
                return isPrefix && !Stores.exists(whole, path) ? ObjectInfo.folder(path).build() : super.info(path);
            }
        };
    }

    private static StorageAdapter lowerCase(StorageAdapter whole) {
        return new PassingStore(whole) {
            @Override
            public ObjectRead open(StorePath path, ReadOptions options) {
                return super.open(lower(path), options);
            }

            @Override
            public WriteResult write(StorePath path, ReadableByteChannel source, long length, WriteOptions options) {
                return super.write(lower(path), source, length, options);
            }

            private StorePath lower(StorePath path) {
                return StorePath.of(path.toString().toLowerCase(Locale.ROOT));
            }
        };
    }

    private static StorageAdapter moreThanDeclared(StorageAdapter whole) {
        return new PassingStore(whole) {
            @Override
            public Set<Capability> capabilities() {
                return Set.of(Capability.READ, Capability.WRITE);
            }
        };
    }

    private static StorageAdapter changingCapabilities(StorageAdapter whole) {
        return new PassingStore(whole) {
            @Override
            public Set<Capability> capabilities() {
                return new HashSet<>(super.capabilities());
            }
        };
    }

    private static StorageAdapter silent(StorageAdapter whole) {
        return new PassingStore(whole) {
            @Override
            public void ping() {
                try (ListingCursor cursor = list(StorePath.ROOT, ListOptions.DIRECT)) {
                    if (cursor.nextPage().isEmpty()) {
                        throw StorageException.of(Kind.NOT_FOUND).store(name()).build();
                    }
                }
            }
        };
    }

    private static StorageAdapter neverClosed(StorageAdapter whole) {
        return new PassingStore(whole) {
            @Override
            public void close() {
                // The rule that is broken.
            }
        };
    }

    private static StorageAdapter deafToInterrupts(StorageAdapter whole) {
        return new PassingStore(whole) {
            @Override
            public WriteResult write(StorePath path, ReadableByteChannel source, long length, WriteOptions options) {
                Thread.interrupted();
                return super.write(path, source, length, options);
            }
        };
    }
}
