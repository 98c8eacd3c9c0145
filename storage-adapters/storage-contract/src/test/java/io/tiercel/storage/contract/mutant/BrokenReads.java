package io.tiercel.storage.contract.mutant;

import static java.util.Objects.requireNonNull;

import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.UnchangedRead;
import io.tiercel.storage.contract.PassingRead;
import io.tiercel.storage.contract.PassingStore;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Stores that open and read wrongly. */
final class BrokenReads {
    private BrokenReads() {}

    static List<Mutant> mutants() {
        return List.of(Mutant.of("bytes come as they are", whole -> read(whole, WrongByte::new),
                "shouldFindOneObjectByEverySpelling", "shouldReadBackExactBytes",
                "shouldReadWholeVersionsWhileOthersReplaceThem"),
                Mutant.of("bytes go where the buffer stands", whole -> read(whole, FromTheBeginning::new),
                        "shouldFillBuffersFromPositionToLimit"),
                Mutant.of("the end stays the end", BrokenReads::beginningAnew, "shouldStayAtTheEnd"),
                Mutant.of("a full buffer is no end", whole -> read(whole, FullIsTheEnd::new),
                        "shouldLeaveAFullBufferAlone"),
                Mutant.of("a closed read is over", whole -> read(whole, Unclosed::new), "shouldEndAReadAtItsClose"),
                Mutant.of("a closed store ends its reads", BrokenReads::drawnAtOpen,
                        "shouldEndReadsAndListingsWhenTheStoreIsClosed"),
                Mutant.of("a read gives one version", BrokenReads::versionByVersion, "shouldNeverMixVersionsInOneRead"),
                Mutant.of("a range begins at its offset",
                        whole -> asked(whole, options -> options.range(0, options.length())),
                        "shouldGiveTheBytesOfARange", "shouldReadARangeOnlyOfTheVersionThatMustMatch"),
                Mutant.of("a range ends after its length",
                        whole -> asked(whole, options -> options.range(options.offset(), ObjectInfo.UNKNOWN_LENGTH)),
                        "shouldGiveTheBytesOfARange"),
                Mutant.of("a range behind the end is empty", BrokenReads::refusingBehindTheEnd,
                        "shouldGiveNothingBehindTheEnd"),
                Mutant.of("an empty object has an empty range", BrokenReads::refusingBehindTheEnd,
                        "shouldGiveNothingOfAnEmptyObject"),
                Mutant.of("a part is described as the whole",
                        whole -> described(whole,
                                (read, part) -> part.length(read.length()).etag("\"" + read.length() + "\"")),
                        "shouldDescribeTheSameObjectWholeAndInPart", "shouldGiveTheBytesOfARange"),
                Mutant.of("a read is described as info does", whole -> described(whole, (read, part) -> part.etag(
                        null)),
                        "shouldDescribeTheObjectThatItOpens"),
                Mutant.of("If-Match holds for reads",
                        whole -> asked(whole, options -> ReadOptions.WHOLE.range(options.offset(), options.length())),
                        "shouldReadOnlyTheVersionThatMustMatch", "shouldReadARangeOnlyOfTheVersionThatMustMatch"),
                Mutant.of("If-None-Match compares", BrokenReads::alwaysUnchanged,
                        "shouldGiveTheNewVersionToACallerThatHasAnOldOne"),
                Mutant.of("what is unchanged has no bytes", whole -> read(whole, UnchangedWithBytes::new),
                        "shouldGiveWhatTheCallerHasNotAtAllOrWithTheSameEtag"));
    }

    private static StorageAdapter read(StorageAdapter whole, UnaryOperator<ObjectRead> breaking) {
        return new PassingStore(whole) {
            @Override
            public ObjectRead open(StorePath path, ReadOptions options) {
                return breaking.apply(super.open(path, options));
            }
        };
    }

    private static StorageAdapter asked(StorageAdapter whole, UnaryOperator<ReadOptions> breaking) {
        return new PassingStore(whole) {
            @Override
            public ObjectRead open(StorePath path, ReadOptions options) {
                return super.open(path, breaking.apply(options));
            }
        };
    }

    private static StorageAdapter described(StorageAdapter whole,
            BiFunction<ObjectRead, ObjectInfo.Builder, ObjectInfo.Builder> breaking) {
        return read(whole, read -> new PassingRead(read) {
            @Override
            public ObjectInfo info() {
                return breaking.apply(read, super.info().at(super.info().path())).build();
            }
        });
    }

    private static StorageAdapter beginningAnew(StorageAdapter whole) {
        return new PassingStore(whole) {
            @Override
            public ObjectRead open(StorePath path, ReadOptions options) {
                return new PassingRead(super.open(path, options)) {
                    private boolean ended;

                    @Override
                    public int read(ByteBuffer target) {
                        if (ended) {
                            try (ObjectRead again = whole.open(path, options)) {
                                return again.read(target);
                            }
                        }
                        int count = super.read(target);
                        ended = count < 0;
                        return count;
                    }
                };
            }
        };
    }

    private static StorageAdapter drawnAtOpen(StorageAdapter whole) {
        return read(whole, read -> new PassingRead(read) {
            private final ByteBuffer bytes = drawn(read);

            @Override
            public int read(ByteBuffer target) {
                if (!bytes.hasRemaining()) {
                    return -1;
                }
                int count = Math.min(target.remaining(), bytes.remaining());
                target.put(bytes.slice(bytes.position(), count));
                bytes.position(bytes.position() + count);
                return count;
            }
        });
    }

    private static ByteBuffer drawn(ObjectRead read) {
        ByteBuffer bytes = ByteBuffer.allocate((int) read.length());
        int count = 0;
        while (count >= 0 && bytes.hasRemaining()) {
            count = read.read(bytes);
        }
        return bytes.flip();
    }

    private static StorageAdapter versionByVersion(StorageAdapter whole) {
        return new PassingStore(whole) {
            @Override
            public ObjectRead open(StorePath path, ReadOptions options) {
                return new PassingRead(super.open(path, options)) {
                    private long drawn;

                    @Override
                    public int read(ByteBuffer target) {
                        ReadOptions rest = options.range(offset() + drawn, length() - drawn);
                        try (ObjectRead now = whole.open(path, rest)) {
                            int count = now.read(target);
                            drawn += Math.max(0, count);
                            return count;
                        }
                    }
                };
            }
        };
    }

    private static StorageAdapter refusingBehindTheEnd(StorageAdapter whole) {
        return new PassingStore(whole) {
            @Override
            public ObjectRead open(StorePath path, ReadOptions options) {
                ObjectRead read = super.open(path, options);
                if (!options.isWhole() && options.offset() >= read.info().length()) {
                    read.close();
                    throw StorageException.of(Kind.UNAVAILABLE).store(name()).path(path).because("416").build();
                }
                return read;
            }
        };
    }

    private static StorageAdapter alwaysUnchanged(StorageAdapter whole) {
        return new PassingStore(whole) {
            @Override
            public ObjectRead open(StorePath path, ReadOptions options) {
                return options.ifNoneMatch() == null ? super.open(path, options) : new UnchangedRead(info(path));
            }
        };
    }

    /** The first byte of each portion has a bit turned. */
    private static final class WrongByte extends PassingRead {
        private WrongByte(ObjectRead whole) {
            super(whole);
        }

        @Override
        public int read(ByteBuffer target) {
            int at = target.position();
            int count = super.read(target);
            if (count > 0) {
                target.put(at, (byte) (target.get(at) ^ 1));
            }
            return count;
        }
    }

    private static final class FromTheBeginning extends PassingRead {
        private FromTheBeginning(ObjectRead whole) {
            super(whole);
        }

        @Override
        public int read(ByteBuffer target) {
            return super.read(target.position(0));
        }
    }

    private static final class FullIsTheEnd extends PassingRead {
        private FullIsTheEnd(ObjectRead whole) {
            super(whole);
        }

        @Override
        public int read(ByteBuffer target) {
            return target.hasRemaining() ? super.read(target) : -1;
        }
    }

    private static final class Unclosed extends PassingRead {
        private Unclosed(ObjectRead whole) {
            super(whole);
        }

        @Override
        public void close() {
            // The rule that is broken.
        }
    }

    private static final class UnchangedWithBytes extends PassingRead {
        private UnchangedWithBytes(ObjectRead whole) {
            super(whole);
        }

        @Override
        public boolean isUnchanged() {
            return requireNonNull(info().etag()).length() > 0;
        }
    }
}
