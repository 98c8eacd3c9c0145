package io.tiercel.storage.contract.mutant;

import io.tiercel.storage.FolderTotals;
import io.tiercel.storage.Glob;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.contract.PassingListing;
import io.tiercel.storage.contract.PassingStore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Stores that list, search and add up wrongly. */
final class BrokenListings {
    private BrokenListings() {}

    static List<Mutant> mutants() {
        return List.of(
                Mutant.of("folders are entries", whole -> filtered(whole, ObjectInfo::isFile),
                        "shouldShowFilesAndFoldersOfAFolder", "shouldShowEverythingBelowAFolderByWholeSegments",
                        "shouldGoAsDeepAsAsked", "shouldTreatAFolderWithoutEntriesAsItsKindHasIt"),
                Mutant.of("a folder is a whole segment", BrokenListings::byPrefix,
                        "shouldShowEverythingBelowAFolderByWholeSegments", "shouldShowAMissingFolderAsEmpty"),
                Mutant.of("depth is inclusive",
                        whole -> asked(whole, options -> options.depth(Math.max(0, options.depth() - 1))),
                        "shouldGoAsDeepAsAsked"),
                Mutant.of("depth has no limit of its own",
                        whole -> asked(whole, options -> options.depth(Math.min(100, options.depth()))),
                        "shouldWalkADeepTreeWithoutRecursion"),
                Mutant.of("a missing folder is empty", BrokenListings::missingFails, "shouldShowAMissingFolderAsEmpty",
                        "shouldFindFilesByPattern"),
                Mutant.of("a file is not listed", BrokenListings::fileAsItself, "shouldRefuseToListAFile"),
                Mutant.of("a listing that failed goes on failing",
                        whole -> cursors(whole, EmptyAfterFailure::new), "shouldRefuseToListAFile"),
                Mutant.of("an entry is what info says", whole -> each(whole, entry -> entry.at(entry.path()).etag(null)
                        .build()),
                        "shouldDescribeEntriesAsInfoDoes"),
                Mutant.of("a name is shown as it is",
                        whole -> each(whole, entry -> entry.at(StorePath.of(entry.path().toString().replace(' ', '+')))
                                .build()),
                        "shouldKeepAnUnusualNameAsItIs"),
                Mutant.of("an empty root is empty", whole -> each(whole, entry -> entry, ObjectInfo.file(StorePath.of(
                        ".store")).length(0).build()),
                        "shouldHaveAnEmptyFolderAsItsRoot"),
                Mutant.of("a page has at most its size", whole -> asked(whole, options -> options.pageSize(1000)),
                        "shouldGivePagesOfAtMostTheSizeAndThenEmptyOnes"),
                Mutant.of("no page loses an entry", whole -> cursors(whole, LosingCursor::new),
                        "shouldGivePagesOfAtMostTheSizeAndThenEmptyOnes",
                        "shouldShowWhatStaysExactlyOnceWhileOthersComeAndGo"),
                Mutant.of("no page repeats an entry", whole -> cursors(whole, RepeatingCursor::new),
                        "shouldGivePagesOfAtMostTheSizeAndThenEmptyOnes",
                        "shouldShowWhatStaysExactlyOnceWhileOthersComeAndGo"),
                Mutant.of("nothing is asked ahead of the first page", whole -> cursors(whole, EagerCursor::new),
                        "shouldAskNothingBeforeTheFirstPage"),
                Mutant.of("a closed listing is over", whole -> cursors(whole, UnclosedCursor::new),
                        "shouldEndAListingAtItsClose"),
                Mutant.of("a listing goes on by name", BrokenListings::byPosition,
                        "shouldShowWhatStaysExactlyOnceWhileOthersComeAndGo"),
                Mutant.of("no shown name is remembered", whole -> cursors(whole, RememberingCursor::new),
                        "shouldAllocateTheSamePerObjectInSmallAndLargeFolders"),
                Mutant.of("the first page is one page", whole -> asked(whole, options -> options.pageSize(1_000_000)),
                        "shouldGiveTheFirstItemForThePriceOfAPage"),
                Mutant.of("a star ends at a slash", BrokenListings::starOverSlash, "shouldFindFilesByPattern"),
                Mutant.of("a pattern finds files alone", BrokenListings::foldersByPattern, "shouldFindFilesByPattern"),
                Mutant.of("depth holds for patterns", BrokenListings::globAtAnyDepth,
                        "shouldCutAtTheDepthBeforeThePattern"),
                Mutant.of("totals are of files at any depth", whole -> totals(whole,
                        BrokenListings::addUpTheFolderAlone),
                        "shouldAddUpAFolder"),
                Mutant.of("a missing folder has no totals", whole -> totals(whole, BrokenListings::zeroOfTheMissing),
                        "shouldAddUpNothingToZeroAndMissToNotFound"));
    }

    private static StorageAdapter cursors(StorageAdapter whole, Function<ListingCursor, ListingCursor> breaking) {
        return new PassingStore(whole) {
            @Override
            public ListingCursor list(StorePath folder, ListOptions options) {
                return breaking.apply(super.list(folder, options));
            }
        };
    }

    private static StorageAdapter asked(StorageAdapter whole, UnaryOperator<ListOptions> breaking) {
        return new PassingStore(whole) {
            @Override
            public ListingCursor list(StorePath folder, ListOptions options) {
                return super.list(folder, breaking.apply(options));
            }
        };
    }

    private static StorageAdapter filtered(StorageAdapter whole, Predicate<ObjectInfo> shown) {
        return cursors(whole, cursor -> new Filtered(cursor, shown));
    }

    private static StorageAdapter each(StorageAdapter whole, UnaryOperator<ObjectInfo> breaking, ObjectInfo... first) {
        return cursors(whole, cursor -> new PassingListing(cursor) {
            private boolean begun = first.length == 0;

            @Override
            public List<ObjectInfo> nextPage() {
                if (!begun) {
                    begun = true;
                    return List.of(first);
                }
                return super.nextPage().stream().map(breaking).toList();
            }
        });
    }

    private static StorageAdapter totals(StorageAdapter whole, Totals way) {
        return new PassingStore(whole) {
            @Override
            public FolderTotals totals(StorePath folder) {
                return way.of(whole, folder);
            }
        };
    }

    /** A way to add up. */
    private interface Totals {
        FolderTotals of(StorageAdapter whole, StorePath folder);
    }

    private static StorageAdapter byPrefix(StorageAdapter whole) {
        return new PassingStore(whole) {
            @Override
            public ListingCursor list(StorePath folder, ListOptions options) {
                if (folder.isRoot() || Stores.isFile(whole, folder) || options.depth() == 0) {
                    return super.list(folder, options);
                }
                return new Filtered(super.list(StorePath.ROOT, options),
                        entry -> entry.path().toString().startsWith(folder.toString()));
            }
        };
    }

    private static StorageAdapter missingFails(StorageAdapter whole) {
        return new PassingStore(whole) {
            @Override
            public ListingCursor list(StorePath folder, ListOptions options) {
                return new PassingListing(super.list(folder, options)) {
                    @Override
                    public List<ObjectInfo> nextPage() {
                        if (!Stores.exists(whole, folder)) {
                            throw StorageException.of(Kind.NOT_FOUND).store(name()).path(folder).build();
                        }
                        return super.nextPage();
                    }
                };
            }
        };
    }

    private static StorageAdapter fileAsItself(StorageAdapter whole) {
        return new PassingStore(whole) {
            @Override
            public ListingCursor list(StorePath folder, ListOptions options) {
                return new PassingListing(super.list(folder, options)) {
                    private boolean shown;

                    @Override
                    public List<ObjectInfo> nextPage() {
                        if (!Stores.isFile(whole, folder)) {
                            return super.nextPage();
                        }
                        boolean first = !shown;
                        shown = true;
                        return first ? List.of(whole.info(folder)) : List.of();
                    }
                };
            }
        };
    }

    private static StorageAdapter byPosition(StorageAdapter whole) {
        return new PassingStore(whole) {
            @Override
            public ListingCursor list(StorePath folder, ListOptions options) {
                return new PassingListing(super.list(folder, options)) {
                    private int position;

                    @Override
                    public List<ObjectInfo> nextPage() {
                        List<ObjectInfo> page = Stores.entries(whole, folder, options).stream().skip(position)
                                .limit(options.pageSize()).toList();
                        position += page.size();
                        return page;
                    }
                };
            }
        };
    }

    private static StorageAdapter starOverSlash(StorageAdapter whole) {
        return new PassingStore(whole) {
            @Override
            public ListingCursor glob(StorePath folder, Glob pattern, ListOptions options) {
                Pattern loose = Pattern.compile(pattern.toString().replace("**/", "*").replace("**", "*")
                        .replace(".", "\\.").replace("*", ".*").replace("?", "."));
                return new Filtered(list(folder, options), entry -> entry.isFile()
                        && loose.matcher(entry.path().below(folder.segmentCount()).toString()).matches());
            }
        };
    }

    private static StorageAdapter foldersByPattern(StorageAdapter whole) {
        return new PassingStore(whole) {
            @Override
            public ListingCursor glob(StorePath folder, Glob pattern, ListOptions options) {
                return new Filtered(list(folder, options),
                        entry -> pattern.matches(entry.path().below(folder.segmentCount())));
            }
        };
    }

    private static StorageAdapter globAtAnyDepth(StorageAdapter whole) {
        return new PassingStore(whole) {
            @Override
            public ListingCursor glob(StorePath folder, Glob pattern, ListOptions options) {
                return super.glob(folder, pattern, ListOptions.RECURSIVE);
            }
        };
    }

    private static FolderTotals addUpTheFolderAlone(StorageAdapter whole, StorePath folder) {
        List<ObjectInfo> entries = Stores.entries(whole, folder, ListOptions.DIRECT);
        return new FolderTotals(entries.size(), entries.stream().mapToLong(ObjectInfo::length).sum(),
                entries.stream().mapToLong(ObjectInfo::lastModifiedMs).max().orElse(0));
    }

    private static FolderTotals zeroOfTheMissing(StorageAdapter whole, StorePath folder) {
        return Stores.exists(whole, folder) ? whole.totals(folder) : new FolderTotals(0, 0, 0);
    }

    private static final class Filtered extends PassingListing {
        private final Predicate<ObjectInfo> shown;

        private Filtered(ListingCursor whole, Predicate<ObjectInfo> shown) {
            super(whole);
            this.shown = shown;
        }

        @Override
        public List<ObjectInfo> nextPage() {
            for (List<ObjectInfo> page = super.nextPage(); !page.isEmpty(); page = super.nextPage()) {
                List<ObjectInfo> rest = page.stream().filter(shown).toList();
                if (!rest.isEmpty()) {
                    return rest;
                }
            }
            return List.of();
        }
    }

    private static final class EmptyAfterFailure extends PassingListing {
        private boolean failed;

        private EmptyAfterFailure(ListingCursor whole) {
            super(whole);
        }

        @Override
        public List<ObjectInfo> nextPage() {
            if (failed) {
                return List.of();
            }
            try {
                return super.nextPage();
            } catch (StorageException e) {
                failed = true;
                throw e;
            }
        }
    }

    /** The second page and those after it come without their last entry. */
    private static final class LosingCursor extends PassingListing {
        private boolean begun;

        private LosingCursor(ListingCursor whole) {
            super(whole);
        }

        @Override
        public List<ObjectInfo> nextPage() {
            List<ObjectInfo> page = super.nextPage();
            boolean loses = begun && page.size() > 1;
            begun = true;
            return loses ? page.subList(0, page.size() - 1) : page;
        }
    }

    /** The second page and those after it begin with the last entry of the page before. */
    private static final class RepeatingCursor extends PassingListing {
        private @Nullable ObjectInfo last;

        private RepeatingCursor(ListingCursor whole) {
            super(whole);
        }

        @Override
        public List<ObjectInfo> nextPage() {
            List<ObjectInfo> page = new ArrayList<>(super.nextPage());
            if (!page.isEmpty()) {
                ObjectInfo repeated = last;
                last = page.getLast();
                if (repeated != null) {
                    page.set(0, repeated);
                }
            }
            return page;
        }
    }

    private static final class EagerCursor extends PassingListing {
        private @Nullable List<ObjectInfo> first;

        private EagerCursor(ListingCursor whole) {
            super(whole);
            first = whole.nextPage();
        }

        @Override
        public List<ObjectInfo> nextPage() {
            List<ObjectInfo> page = first == null ? super.nextPage() : first;
            first = null;
            return page;
        }
    }

    private static final class UnclosedCursor extends PassingListing {
        private UnclosedCursor(ListingCursor whole) {
            super(whole);
        }

        @Override
        public void close() {
            // The rule that is broken.
        }
    }

    private static final class RememberingCursor extends PassingListing {
        private List<ObjectInfo> shown = List.of();

        private RememberingCursor(ListingCursor whole) {
            super(whole);
        }

        @Override
        public List<ObjectInfo> nextPage() {
            List<ObjectInfo> page = super.nextPage();
            List<ObjectInfo> all = new ArrayList<>(shown);
            all.addAll(page);
            shown = all;
            return page;
        }
    }
}
